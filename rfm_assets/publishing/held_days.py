"""What a published copy tells of the days that it holds."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from uuid import UUID

import duckdb

from rfm_assets.errors import CopyCorruptError, CopyMissingError
from rfm_assets.publishing import reader


def held_days(folder: Path) -> Sequence[tuple[str, date, UUID | None, int]]:
    """Table, day, version and rows of each day that readers have; nothing where there is no copy, or a broken one.

    Raises:
        CopyLockedError: when the copy cannot be read for a program that writes into it.
    """
    try:
        with reader.content(folder) as held:
            return held.execute("SELECT table_name, day, version, rows FROM meta.held_days").fetchall()
    except (CopyMissingError, CopyCorruptError, duckdb.CatalogException):  # written from scratch
        return []
