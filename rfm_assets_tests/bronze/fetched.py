"""The files of some days, fetched and inspected as the asset of bronze does it."""

from collections.abc import Iterable
from datetime import date

from rfm_assets.bronze.duplicates import Content
from rfm_assets.bronze.encoding import Encoding
from rfm_assets.bronze.landed_files import LandedFiles, inspect_days
from rfm_assets.landing.zone import LandingZone


def fetch_days(
    zone: LandingZone, first: date, last: date, *, held: Iterable[Content] = (), encoding: Encoding = "utf-8"
) -> LandedFiles:
    """What `inspect_days` finds, where that is anything to load.

    Raises:
        RefusedFileError: when no day with a file can be loaded, see `LandedFiles.must_load_a_day`.
        LandingError: when that is not the files' fault, or the zone cannot be listed.
    """
    files = inspect_days(zone, first, last, held=held, encoding=encoding)
    files.must_load_a_day()
    return files
