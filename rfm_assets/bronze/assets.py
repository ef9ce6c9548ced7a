"""Bronze's two tables: the landed files of each day, and the ledger of them."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import dagster as dg

from rfm_assets.bronze import ledger
from rfm_assets.bronze.checks import CHECKS
from rfm_assets.bronze.landed_files import NAMED_AT_ONCE, LandedFiles, fetch_days, refusals
from rfm_assets.contracts import bronze as contract
from rfm_assets.landing.zone import LandingZone
from rfm_assets.partitions import run_days
from rfm_assets.settings import settings
from rfm_assets.tables.table_asset import tables_asset
from rfm_assets.warehouse.engine import Engine
from rfm_assets.warehouse.query import Query


@tables_asset(
    (contract.TRANSACTIONS, contract.LANDED_FILES),
    checks=CHECKS,
    kind={contract.TRANSACTIONS: "csv", contract.LANDED_FILES: "sql"},
)
def landed(
    context: dg.AssetExecutionContext, landing: LandingZone, warehouse: Engine
) -> Iterator[dg.MaterializeResult[LandedFiles] | dg.MaterializeResult[Query]]:
    """Loads every line of every daily file exactly once, as text, as delivered, and keeps a ledger of the files.

    A line that cannot be split into columns is kept raw in `_rescued_data`. A day without a file is stored as an empty
    day. A day whose file cannot be read at all, or is there no more, keeps what is stored for it; where that leaves
    nothing to load, the run fails. Of files with the same text, the ledger has all and bronze the earliest.
    """
    first, last = run_days(context)
    before = ledger.entries(warehouse, date.min, last)
    held = [entry.content for entry in before if entry.duplicate_of is None]
    files = fetch_days(landing, first, last, held=held, encoding=settings().encoding)
    if files.refused:
        context.log.error(refusals(files.refused))
    _say_what_was_delivered(context, files)
    version = dg.DataVersion(files.content_version)
    yield dg.MaterializeResult(
        asset_key=contract.TRANSACTIONS.asset_key,
        value=files,
        metadata={"landing": landing.address} | _told_of_encodings(context, files),
        data_version=version,
    )
    yield dg.MaterializeResult(asset_key=contract.LANDED_FILES.asset_key, value=ledger.after_loading(files, before))


def _told_of_encodings(context: dg.AssetExecutionContext, files: LandedFiles) -> dict[str, str]:
    """Names the files that were not UTF-8, in the log and as metadata."""
    keys = [file.landed.key for file in files.inspected if file.inspection.encoding == "windows-1252"]
    if not keys:
        return {}
    named = ", ".join(keys[:NAMED_AT_ONCE]) + (f" and {len(keys) - NAMED_AT_ONCE} more" if keys[NAMED_AT_ONCE:] else "")
    context.log.info("read as Windows-1252, as RFM_ENCODING says: %s", named)
    return {"read as Windows-1252": named}


def _say_what_was_delivered(context: dg.AssetExecutionContext, files: LandedFiles) -> None:
    """Puts on each day how many files it has: a day without any is stored too, and shows as materialized."""
    loaded = Counter(str(file.landed.day) for file in files.files)
    kept = {str(day) for day in files.refused}
    for day in context.partition_keys:
        said = {"files": loaded[day], "delivered": day in loaded or day in kept}
        context.add_asset_metadata(said, contract.TRANSACTIONS.asset_key, day)
