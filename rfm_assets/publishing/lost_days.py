"""Days that readers have and the warehouse lost: publishing must not take them from readers without a word."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb

from rfm_assets.contracts.bronze import LANDED_FILES
from rfm_assets.errors import CopyCorruptError, CopyMissingError, PublishedError
from rfm_assets.partitions import in_words
from rfm_assets.publishing import reader
from rfm_assets.publishing.source import Source
from rfm_assets.publishing.tables import PUBLISHED, listed

# Not the tables of customers, whose old days the job thin_snapshots deletes, nor a sample: a corrected file may leave
# its day without refused lines.
KEPT_DAYS = tuple(one for one in PUBLISHED if not one.is_per_customer and not one.sampled_by)


def lost_days(source: Source, folder: Path) -> Sequence[date]:
    """The days of `KEPT_DAYS` tables that the copy in a folder has and the warehouse lost; the source has taken stock.

    A day's files are lost where the ledger has none of them any more, unless they were removed from it on purpose. Of
    another table, a day without rows is lost unless the pipeline has written it so since; where nobody knows, as on
    Spark, unless the table has other days.

    Raises:
        CopyLockedError: when the copy cannot be read for a program that writes into it.
    """
    kept = f"SELECT table_name, day FROM stock WHERE rows > 0 AND table_name IN ({listed(KEPT_DAYS)})"
    filled = set(source.connection.execute(kept).fetchall())
    missed = [(table, day, version) for table, day, version in _published(folder) if (table, day) not in filled]
    if not missed:
        return []
    tables, emptied, versions = {table for table, _ in filled}, source.emptied_days(), _versions(source)

    def is_lost(table: str, day: date, version: str | None) -> bool:
        if table == LANDED_FILES.address:
            return day not in emptied
        if source.knows_emptied_days:
            return versions.get((table, day), version) == version
        return table not in tables

    return sorted({day for table, day, version in missed if is_lost(table, day, version)})


def _versions(source: Source) -> Mapping[tuple[str, date], str | None]:
    stock = source.connection.execute("SELECT table_name, day, CAST(version AS VARCHAR) FROM stock").fetchall()
    return {(table, day): version for table, day, version in stock}


def must_lose_no_day(source: Source, folder: Path) -> None:
    """Refuses to publish a warehouse that lost days which readers have.

    Raises:
        PublishedError: when it did; names the days and the ways out.
    """
    if lost := lost_days(source, folder):
        message = (
            f"nothing was published: the copy in {folder} holds {in_words(lost)}, which the warehouse lacks. "
            f"{ways_out(min(lost))}"
        )
        raise PublishedError(message)


def ways_out(first_lost: date) -> str:
    """What to do where days are lost, from this one on."""
    return (
        f"`rfm refresh --from {first_lost}` loads what has landed from then on and heals this; where landing files are "
        "gone, restore the warehouse or the files from a backup, point RFM_WAREHOUSE to the right file, or set "
        "RFM_PUBLISHED to another folder; to go on with less on purpose, remove the published copy"
    )


def _published(folder: Path) -> Sequence[tuple[str, date, str | None]]:
    """Table, day and version of each day that readers have; nothing where there is no copy, or a broken one."""
    try:
        with reader.content(folder) as held:
            return held.execute(
                f"""SELECT table_name, day, CAST(version AS VARCHAR) FROM meta.held_days
                WHERE rows > 0 AND table_name IN ({listed(KEPT_DAYS)})"""
            ).fetchall()
    except (CopyMissingError, CopyCorruptError, duckdb.CatalogException):  # written from scratch
        return []
