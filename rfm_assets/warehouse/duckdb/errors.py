"""Interprets DuckDB's errors, with the way out of a damaged file."""

from pathlib import Path

import duckdb

_SIGNS_OF_A_LOCK = ("Could not set lock", "being used by another process")  # on POSIX and on Windows

_SIGNS_OF_CORRUPTION = ("not a valid DuckDB database file", "Corrupt database file", "checksum")
_TRUNCATED = "Could not read enough bytes from file"


def is_corrupt(error: duckdb.Error, file: str) -> bool:
    """Whether an error means that this database file, not another file, is damaged or truncated."""
    text = str(error)
    is_truncated = _TRUNCATED in text and Path(file).name in text
    return is_truncated or any(sign in text for sign in _SIGNS_OF_CORRUPTION)


def is_locked(error: duckdb.Error) -> bool:
    """Whether opening a file failed because of another process."""
    return any(sign in str(error) for sign in _SIGNS_OF_A_LOCK)


def said(error: duckdb.Error) -> str:
    """The error's first line without its type; other lines are advice for the author of the SQL."""
    first = str(error).splitlines()[0]
    return first.partition(" Error: ")[2] or first


def damage(error: duckdb.Error, file: str, *, doing: str) -> str:
    """The message about a damaged warehouse that could not be opened or read."""
    return (
        f"cannot {doing} the warehouse {file}: {said(error)}. It can be rebuilt from the landing files: "
        f"move it aside with `mv {file} {file}.broken`, then `rfm refresh`; or set RFM_WAREHOUSE"
    )
