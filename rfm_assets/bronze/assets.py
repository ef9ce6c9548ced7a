"""Bronze's tables: the lines of each day's files, the ledger of the files, and the files that were not loaded."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

import dagster as dg

from rfm_assets.bronze import ledger, unloaded
from rfm_assets.bronze.checks import CHECKS
from rfm_assets.bronze.inspect_days import inspect_days
from rfm_assets.bronze.landed_files import NAMED_AT_ONCE, LandedFiles
from rfm_assets.contracts import bronze as contract
from rfm_assets.landing.zone import LandingZone
from rfm_assets.partitions import days_between, run_days
from rfm_assets.settings import settings
from rfm_assets.tables.table_asset import tables_asset
from rfm_assets.warehouse.engine import Engine
from rfm_assets.warehouse.query import Query


@tables_asset(
    (contract.TRANSACTIONS, contract.LANDED_FILES, contract.UNLOADED_FILES),
    checks=CHECKS,
    kind={contract.TRANSACTIONS: "csv", contract.LANDED_FILES: "sql", contract.UNLOADED_FILES: "sql"},
    depends_on=(settings().encoding,),
)
def landed(
    context: dg.AssetExecutionContext, landing: LandingZone, warehouse: Engine
) -> Iterator[dg.MaterializeResult[LandedFiles] | dg.MaterializeResult[Query]]:
    """Loads every line of every daily file exactly once, as delivered text, and keeps a ledger of the files.

    A line that cannot be split into columns is kept raw in `_rescued_data`. A day without a file is stored as an empty
    day. A day whose file is unreadable or gone keeps its stored rows; if that leaves nothing to load, the run fails. Of
    files with the same text, the ledger lists all and bronze holds the earliest. Files that were refused, or removed
    from a day, are recorded.
    """
    first, last = run_days(context)
    before = ledger.entries(warehouse, date.min, last)
    held = [entry.content for entry in before if entry.duplicate_of is None]
    files = inspect_days(landing, first, last, held=held, encoding=settings().encoding)
    noted = dg.MaterializeResult(
        asset_key=contract.UNLOADED_FILES.asset_key, value=_without(files, before, warehouse, (first, last))
    )
    if files.cannot_go_on:
        yield noted  # first, so that no later run reads the same files in vain
    files.must_load_a_day()
    if files.refused:
        context.log.error(files.refusals())
    _say_what_was_delivered(context, files)
    version = dg.DataVersion(files.content_version)
    yield dg.MaterializeResult(
        asset_key=contract.TRANSACTIONS.asset_key,
        value=files,
        metadata={"landing": landing.address} | _told_of_encodings(context, files),
        data_version=version,
    )
    yield dg.MaterializeResult(asset_key=contract.LANDED_FILES.asset_key, value=ledger.after_loading(files, before))
    yield noted


def _without(files: LandedFiles, before: Iterable[ledger.Entry], warehouse: Engine, days: tuple[date, date]) -> Query:
    """The files that were refused or removed from the days of a run."""
    held: dict[unloaded.Key, str | None] = {
        (entry.day, entry.key): entry.version for entry in before if entry.day >= days[0]
    }
    # A day that somebody deleted from the ledger in order to empty it.
    empty = set(days_between(*days)) - {day for day, _ in held} - {file.day for file in files.landed}
    held |= dict.fromkeys(unloaded.keys_in_bronze(warehouse, empty))
    noted = unloaded.noted_files(warehouse, *days)
    return unloaded.after_loading(files, noted, held, encoding=settings().encoding)


def _told_of_encodings(context: dg.AssetExecutionContext, files: LandedFiles) -> dict[str, str]:
    """Names the files that were not UTF-8, in the log and as metadata."""
    keys = [file.landed.key for file in files.inspected if file.inspection.encoding == "windows-1252"]
    if not keys:
        return {}
    named = ", ".join(keys[:NAMED_AT_ONCE]) + (f" and {len(keys) - NAMED_AT_ONCE} more" if keys[NAMED_AT_ONCE:] else "")
    context.log.info("read as Windows-1252, as RFM_ENCODING says: %s", named)
    return {"read as Windows-1252": named}


def _say_what_was_delivered(context: dg.AssetExecutionContext, files: LandedFiles) -> None:
    """Records each day's number of files as metadata; a day without files is stored and materialized, too."""
    read = Counter(str(file.landed.day) for file in files.inspected)
    kept = {str(day) for day in files.refused}
    for day in context.partition_keys:
        said = {"files": read[day], "delivered": day in read or day in kept}
        context.add_asset_metadata(said, contract.TRANSACTIONS.asset_key, day)
