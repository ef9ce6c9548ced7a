"""The published copy as pages see it: named queries with bound parameters, cached until the next copy."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import streamlit as st

from rfm_assets.errors import CopyCorruptError, NothingToShowError
from rfm_assets.literals import literal
from rfm_assets.privacy.customer_ids import hashed_with
from rfm_assets.publishing import reader
from rfm_assets.settings import settings
from rfm_assets.warehouse.duckdb.errors import said
from rfm_assets.warehouse.query import Query, sql

if TYPE_CHECKING:
    import pandas as pd

# What DuckDB raises for a bad file; anything else is a bug in a query, which the reader cannot fix.
_DAMAGED = (duckdb.IOException, duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException)


@dataclass(frozen=True)
class PublishedCopy:
    """One published file. A new file has a new version, so no cached result of the old one is shown for it."""

    folder: Path
    version: str

    def frame(self, query: str | Query, **parameters: object) -> "pd.DataFrame":
        """The rows that `queries/<query>.sql` finds, as a pandas frame; decimals become floats.

        A query composed of the pipeline's own rules is passed as a `Query`.
        """
        return _frame(self.folder, self.version, statement_of(query), parameters)

    def rows(self, query: str | Query, **parameters: object) -> list[dict[str, Any]]:
        """The rows that `queries/<query>.sql` finds, with Python's decimals and dates."""
        return _rows(self.folder, self.version, statement_of(query), parameters)

    def has(self, table: str, column: str = "") -> bool:
        """Whether a table, such as `ml.customer_clusters`, and a column of it were published."""
        columns = {row["address"]: row["columns"] for row in self.rows("tables")}
        return table in columns and (not column or column in columns[table])

    def has_hashed_ids(self) -> bool:
        """Whether keyed hashes were published in place of customers' ids."""
        with self.cursor() as connection:
            return hashed_with(connection) is not None

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A separate connection to the file, so that sessions do not wait for each other."""
        return _connection(self.folder, self.version).cursor()


def current() -> PublishedCopy:
    """The newest published copy.

    Raises:
        CopyMissingError: when nothing has been published.
    """
    folder = settings().published.absolute()
    return PublishedCopy(folder, reader.version(folder))


def statement_of(query: str | Query) -> str:
    """The statement, from this package's files only, never from what a reader types."""
    return query.sql() if isinstance(query, Query) else _named(query)


@cache
def _named(query: str) -> str:
    return sql(__package__, f"queries/{query}").text


@st.cache_data(max_entries=1_000, show_spinner=False)
def _frame(folder: Path, version: str, statement: str, parameters: Mapping[str, object]) -> "pd.DataFrame":
    return _run(folder, version, statement, parameters).df()


@st.cache_data(max_entries=1_000, show_spinner=False)
def _rows(folder: Path, version: str, statement: str, parameters: Mapping[str, object]) -> list[dict[str, Any]]:
    result = _run(folder, version, statement, parameters)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _run(folder: Path, version: str, statement: str, parameters: Mapping[str, object]) -> duckdb.DuckDBPyConnection:
    """Executes a statement.

    Raises:
        PublishedError: when the file cannot be read, or lacks a table or a column.
    """
    connection = PublishedCopy(folder, version).cursor()
    try:
        return connection.execute(statement, dict(parameters) or None)
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        if isinstance(error, duckdb.BinderException) and not _is_older(connection):
            raise
        message = (
            f"{version} lacks what this page reads ({said(error)}): materialize the assets behind it "
            "and publishing/snapshot, or everything with `rfm refresh`"
        )
        raise NothingToShowError(message) from error
    except _DAMAGED as error:
        message = f"{folder / version} is damaged: materialize publishing/snapshot. DuckDB says: {error}"
        raise CopyCorruptError(message) from error


def _is_older(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the file's tables lack columns that the next copy will have."""
    from rfm_assets.contracts import TABLES  # loads Dagster, and is rarely needed
    from rfm_assets.warehouse.table_upgrade import stored_columns

    ((database,),) = connection.execute("SELECT current_database()").fetchall()
    stored = stored_columns(connection, database)
    return any(
        table.types.keys() - stored[table.address].keys() for table in TABLES.values() if table.address in stored
    )


@st.cache_resource(max_entries=4, show_spinner=False, on_release=duckdb.DuckDBPyConnection.close)
def _connection(folder: Path, version: str) -> duckdb.DuckDBPyConnection:
    """Opens a version once for all sessions; no query can reach another file."""
    connection = reader.connect(folder, version)
    connection.execute(f"SET memory_limit = {literal(settings().memory_limit)}")
    connection.execute("SET enable_external_access = false")
    return connection
