"""The published snapshot as pages see it: named queries with bound parameters, remembered until the next snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import streamlit as st

from rfm_assets.errors import SnapshotError
from rfm_assets.settings import settings
from rfm_assets.warehouse.query import sql

if TYPE_CHECKING:
    import pandas as pd

_LOCKED = ("Could not set lock", "being used by another process")  # as DuckDB says it on POSIX and on Windows

# What DuckDB raises for the file; anything else is a fault of a query, which is not for the reader to mend.
_DAMAGED = (duckdb.IOException, duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException)


@dataclass(frozen=True)
class Snapshot:
    """One published file. A new one has another version, so nothing remembered of the old one is shown for it."""

    path: Path
    version: str

    def frame(self, query: str, **parameters: object) -> "pd.DataFrame":
        """The rows that `queries/<query>.sql` finds, as a pandas frame; decimals become floats."""
        return _frame(self.version, query, parameters, self)

    def rows(self, query: str, **parameters: object) -> list[dict[str, Any]]:
        """The rows that `queries/<query>.sql` finds, with decimals and dates as Python has them."""
        return _rows(self.version, query, parameters, self)

    def has(self, table: str) -> bool:
        """Whether a table, such as `ml.customer_clusters`, was published."""
        return table in {row["address"] for row in self.rows("tables")}

    def run(self, query: str, parameters: Mapping[str, object]) -> duckdb.DuckDBPyConnection:
        """Executes a named query in a cursor of its own, so that sessions do not wait for each other's results.

        Raises:
            SnapshotError: when a table is not there or the file cannot be read.
        """
        try:
            cursor = _connection(self.version, self).cursor()
            return cursor.execute(sql(__package__, f"queries/{query}").text, dict(parameters) or None)
        except duckdb.CatalogException as error:
            raise SnapshotError(_not_published(self.path, error)) from error
        except _DAMAGED as error:
            raise SnapshotError(_unreadable(self.path, error)) from error


def current() -> Snapshot:
    """The newest published snapshot.

    Raises:
        SnapshotError: when nothing has been published.
    """
    link = settings().published / "rfm.duckdb"
    path = link.resolve()
    try:
        stat = path.stat()
    except OSError as error:
        message = (
            f"nothing is published at {link} yet: run `make demo` for a sample shop, materialize a day, or set "
            "RFM_PUBLISHED to the folder where snapshots are published"
        )
        raise SnapshotError(message) from error
    return Snapshot(path, f"{path}@{stat.st_mtime_ns}.{stat.st_size}")


@st.cache_resource(max_entries=4, show_spinner=False, on_release=duckdb.DuckDBPyConnection.close)
def _connection(version: str, _snapshot: Snapshot) -> duckdb.DuckDBPyConnection:  # noqa: ARG001 - the cache's key
    """Opens a version once for all sessions; a query cannot reach any other file."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": settings().memory_limit,
        "autoinstall_known_extensions": False,
        "enable_external_access": False,
    }
    return duckdb.connect(str(_snapshot.path), read_only=True, config=config)


@st.cache_data(max_entries=1_000, show_spinner=False)
def _frame(version: str, query: str, parameters: dict[str, object], _snapshot: Snapshot) -> "pd.DataFrame":  # noqa: ARG001
    return _snapshot.run(query, parameters).df()


@st.cache_data(max_entries=1_000, show_spinner=False)
def _rows(version: str, query: str, parameters: dict[str, object], _snapshot: Snapshot) -> list[dict[str, Any]]:  # noqa: ARG001
    result = _snapshot.run(query, parameters)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _not_published(path: Path, error: duckdb.Error) -> str:
    said = str(error).splitlines()[0].removeprefix("Catalog Error: ")
    return (
        f"this page reads a table that {path.name} does not have ({said}): materialize the assets it comes from, or "
        "everything, with `rfm refresh`; the next run publishes it"
    )


def _unreadable(path: Path, error: duckdb.Error) -> str:
    if any(sign in str(error) for sign in _LOCKED):
        return (
            f"another program is writing to {path}: point RFM_PUBLISHED at the folder of published snapshots, which "
            "nobody writes to, or wait for that program to end"
        )
    return f"cannot read {path}, publish it anew by materializing any day, or remove it. DuckDB says: {error}"
