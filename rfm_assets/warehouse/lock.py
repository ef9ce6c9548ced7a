"""How DuckDB says that another process has a file open."""

import duckdb

_SIGNS = ("Could not set lock", "being used by another process")  # on POSIX and on Windows


def is_locked(error: duckdb.Error) -> bool:
    """Whether opening a file failed because of another process."""
    return any(sign in str(error) for sign in _SIGNS)
