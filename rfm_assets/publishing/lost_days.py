"""Days that readers have and the warehouse lost: publishing must not take them from readers without a word."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb

from rfm_assets.errors import PublishedError, SnapshotUnreadableError
from rfm_assets.partitions import in_words
from rfm_assets.publishing import reader
from rfm_assets.publishing.source import Source
from rfm_assets.publishing.tables import PUBLISHED, listed

# Not the tables of customers, whose old days the job thin_snapshots deletes, nor a sample: a corrected file may leave
# its day without refused lines.
KEPT_DAYS = tuple(one for one in PUBLISHED if not one.is_per_customer and not one.sampled_by)

WAYS_OUT = (
    "`rfm refresh` loads every landed day again and heals this; where landing files are gone, restore the warehouse or "
    "the files from a backup, point RFM_WAREHOUSE to the right file, or set RFM_PUBLISHED to another folder; to go on "
    "with less on purpose, remove the published copy"
)


def lost_days(source: Source, folder: Path) -> Sequence[date]:
    """The days of `KEPT_DAYS` tables that the copy in a folder has and the warehouse lost; the source has taken stock.

    A day that the pipeline has written since it was published is not lost, even where it has no rows any more.
    """
    stock = source.connection.execute("SELECT table_name, day, version, rows FROM stock").fetchall()
    stored = {(table, day): (version, rows) for table, day, version, rows in stock}
    return sorted(
        {day for table, day, version in _published(folder) if stored.get((table, day), (version, 0)) == (version, 0)}
    )


def must_lose_no_day(source: Source, folder: Path) -> None:
    """Refuses to publish a warehouse that lost days which readers have.

    Raises:
        PublishedError: when it did; names the days and the ways out.
    """
    if lost := lost_days(source, folder):
        message = (
            f"nothing was published: the copy in {folder} holds {in_words(lost)}, which the warehouse lacks. {WAYS_OUT}"
        )
        raise PublishedError(message)


def _published(folder: Path) -> Sequence[tuple[str, date, object]]:
    """Table, day and version of each day that readers have; nothing where there is no copy that can be read."""
    try:
        with reader.snapshot(folder) as held:
            return held.execute(
                f"""SELECT table_name, day, version FROM meta.held_days
                WHERE rows > 0 AND table_name IN ({listed(KEPT_DAYS)})"""
            ).fetchall()
    except (SnapshotUnreadableError, duckdb.CatalogException):  # such a copy is written from scratch
        return []
