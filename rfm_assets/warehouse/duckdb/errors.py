"""What DuckDB's errors say."""

import duckdb

_SIGNS_OF_A_LOCK = ("Could not set lock", "being used by another process")  # on POSIX and on Windows

_SIGNS_OF_CORRUPTION = ("not a valid DuckDB database file", "Corrupt database file", "checksum")


def is_corrupt(error: duckdb.Error) -> bool:
    """Whether what a file holds is no database that can be read."""
    return any(sign in str(error) for sign in _SIGNS_OF_CORRUPTION)


def is_locked(error: duckdb.Error) -> bool:
    """Whether opening a file failed because of another process."""
    return any(sign in str(error) for sign in _SIGNS_OF_A_LOCK)


def said(error: duckdb.Error) -> str:
    """Its first line, without the kind of error that it begins with; the others are advice for who wrote the SQL."""
    first = str(error).splitlines()[0]
    return first.partition(" Error: ")[2] or first
