"""The sample shop: daily files of a fictitious gift-ware retailer, in the real source's format.

Files are generated from a seed by integer arithmetic only, so that the same options give the same bytes everywhere.
Belongs here: products, customers, till errors, and the files. Does not: reading files.
"""

from rfm_assets.sample.shop import Shop
from rfm_assets.sample.writer import SampleReport, write_sample

__all__ = ["SampleReport", "Shop", "write_sample"]
