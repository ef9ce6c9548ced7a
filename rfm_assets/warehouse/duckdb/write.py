"""The safe write: replaces days of a table atomically."""

import sys
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import duckdb

from rfm_assets.errors import ContractError
from rfm_assets.warehouse.conformance import must_be_as_declared, must_fit, tables_must_exist
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.duckdb.written_days import mark_written
from rfm_assets.warehouse.query import Query

if TYPE_CHECKING:
    import pandas as pd


def as_query(value: "Query | pd.DataFrame", connection: duckdb.DuckDBPyConnection) -> Query:
    """A value as a query over the connection; frames are registered with it.

    Raises:
        ContractError: when the value has an unsupported type.
    """
    if isinstance(value, Query):
        return value
    pandas = sys.modules.get("pandas")  # whoever made a frame has imported it
    if pandas is None or not isinstance(value, pandas.DataFrame):
        message = f"the warehouse stores queries, landed files and pandas frames, not {type(value).__name__}"
        raise ContractError(message)
    connection.register("frame_of_asset", value)
    return Query("SELECT * FROM frame_of_asset")


def clear(connection: duckdb.DuckDBPyConnection, days: Days) -> None:
    """Creates the table if it is new, deletes these days from it, and marks them as written.

    Raises:
        ContractError: when the stored table's columns or types differ from the contract.
    """
    table = days.table
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {table.schema}")
    connection.execute(table.ddl())
    must_be_as_declared(_columns(connection, f"SELECT * FROM {table.address}"), table)
    connection.execute(f"DELETE FROM {table.address} WHERE {days.where}")
    calendar = f"unnest(generate_series(DATE '{days.first}', DATE '{days.last}', INTERVAL 1 DAY))"
    written = f"SELECT day FROM (SELECT CAST({calendar} AS DATE) AS day) WHERE {days.covers('day')}"
    mark_written(connection, table.address, written)


def insert(connection: duckdb.DuckDBPyConnection, days: Days, rows: Query) -> int:
    """Inserts the rows of a query, by column name, and returns their number.

    Raises:
        ContractError: when a column is missing or surplus.
        MissingTableError: when the query reads a table that does not exist yet.
    """
    statement = rows.sql()
    with tables_must_exist(days.table):
        must_fit(_columns(connection, statement), days.table)
    (count,) = connection.execute(f"INSERT INTO {days.table.address} BY NAME {statement}").fetchone() or (0,)
    return int(count)


def replace_days(
    connection: duckdb.DuckDBPyConnection, days: Days, rows: Query, *, rows_at_once: int | None = None
) -> dict[date, int]:
    """Replaces these days by the rows of a query, inside the caller's transaction; returns the rows per day.

    Raises:
        ContractError: when a row belongs to another day; also whatever `clear` and `insert` raise.
    """
    clear(connection, days)
    inserted = sum(insert(connection, days, some) for some in _batches(connection, days, rows, rows_at_once))
    per_day = days.rows_per_day(connection)
    days.must_hold_all(strays=inserted - sum(per_day.values()))
    return per_day


def _batches(
    connection: duckdb.DuckDBPyConnection, days: Days, rows: Query, rows_at_once: int | None
) -> Iterator[Query]:
    """The query, bound to the days, batch by batch if it requires batches."""
    if rows.batched_by is None:
        yield rows.bind(days.first, days.last)
        return
    with tables_must_exist(days.table):
        parts = Days(rows.batched_by, days.first, days.last).batches(connection, rows_at_once=rows_at_once)
    yield from (rows.bind(*part) for part in parts)


def _columns(connection: duckdb.DuckDBPyConnection, select: str) -> dict[str, str]:
    return {name: kind for name, kind, *_ in connection.execute(f"DESCRIBE {select}").fetchall()}
