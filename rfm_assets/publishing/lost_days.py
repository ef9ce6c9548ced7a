"""Finds days that readers have and the warehouse lost: publishing must not silently remove them."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from uuid import UUID

from rfm_assets.contracts.bronze import LANDED_FILES
from rfm_assets.errors import PublishedError
from rfm_assets.partitions import in_words
from rfm_assets.publishing.held_days import days_of_copy
from rfm_assets.publishing.source import Source
from rfm_assets.publishing.tables import PUBLISHED, listed

# Not per-customer tables, whose old days the job thin_snapshots deletes, nor a sample: a corrected file may leave its
# day without refused lines.
KEPT_DAYS = tuple(one for one in PUBLISHED if not one.is_per_customer and not one.sampled_by)


def lost_days(source: Source, folder: Path) -> Sequence[date]:
    """The days of `KEPT_DAYS` tables that the copy in a folder has and the warehouse lost. Call after `take_stock`.

    A day's files are lost if the ledger has none of them, unless they were removed on purpose. For other tables, a day
    without rows is lost unless the pipeline has since written it empty; if that is unknown, as on Spark, unless the
    table has other days.

    Raises:
        CopyLockedError: when the copy cannot be read because another program is writing to it.
    """
    kept = f"SELECT table_name, day FROM stock WHERE rows > 0 AND table_name IN ({listed(KEPT_DAYS)})"
    filled = set(source.connection.execute(kept).fetchall())
    missed = [(table, day, version) for table, day, version in _published(folder) if (table, day) not in filled]
    if not missed:
        return []
    tables, emptied, versions = {table for table, _ in filled}, source.emptied_days(), _versions(source)

    def is_lost(table: str, day: date, version: UUID | None) -> bool:
        if table == LANDED_FILES.address:
            return day not in emptied
        if source.knows_emptied_days:
            return versions.get((table, day), version) == version
        return table not in tables

    return sorted({day for table, day, version in missed if is_lost(table, day, version)})


def _versions(source: Source) -> Mapping[tuple[str, date], UUID | None]:
    stock = source.connection.execute("SELECT table_name, day, version FROM stock").fetchall()
    return {(table, day): version for table, day, version in stock}


def must_lose_no_day(source: Source, folder: Path) -> None:
    """Refuses to publish a warehouse that has lost days which readers have.

    Raises:
        PublishedError: when it has; names the days and the ways out.
    """
    if lost := lost_days(source, folder):
        message = (
            f"nothing was published: the copy in {folder} holds {in_words(lost)}, which the warehouse lacks. "
            f"{ways_out(min(lost))}"
        )
        raise PublishedError(message)


def ways_out(first_lost: date) -> str:
    """What to do about lost days, from this one on."""
    return (
        f"`rfm refresh --from {first_lost}` loads what has landed since and fixes this; if landing files are gone, "
        "restore the warehouse or the files from a backup, point RFM_WAREHOUSE to the right file, or set "
        "RFM_PUBLISHED to another folder; to accept the loss, remove the published copy"
    )


def _published(folder: Path) -> Sequence[tuple[str, date, UUID | None]]:
    """Table, day and version of each day with rows that readers have in `KEPT_DAYS` tables."""
    kept = {one.table.address for one in KEPT_DAYS}
    return [(table, day, version) for table, day, version, rows in days_of_copy(folder) if rows and table in kept]
