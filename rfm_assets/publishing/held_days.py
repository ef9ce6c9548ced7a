"""The days that a published copy holds, with their versions."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from uuid import UUID

import duckdb

from rfm_assets.errors import CopyCorruptError, CopyMissingError
from rfm_assets.publishing import reader


# Not named as the table: DuckDB would take the function for it where a copy lacks the table.
def days_of_copy(folder: Path) -> Sequence[tuple[str, date, UUID | None, int]]:
    """Table, day, version and rows of each day in the copy; empty if it is missing or corrupt.

    Raises:
        CopyLockedError: when another program holds a write lock on the copy.
    """
    try:
        with reader.content(folder) as held:
            return held.execute("SELECT table_name, day, version, rows FROM meta.held_days").fetchall()
    except (CopyMissingError, CopyCorruptError, duckdb.CatalogException):  # written from scratch
        return []
