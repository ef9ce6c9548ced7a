"""The sample shop: daily files of a gift-ware retailer that does not exist, in the real source's format.

Files come from a seed, by whole-number arithmetic alone, so that the same options give the same bytes on any machine.
Belongs here: what the shop sells, who buys there, what its tills get wrong, and the files. How files are read does not.
"""

from rfm_assets.sample.shop import Shop
from rfm_assets.sample.writer import SampleReport, write_sample

__all__ = ["SampleReport", "Shop", "write_sample"]
