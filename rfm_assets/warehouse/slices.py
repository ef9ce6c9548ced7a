"""The safe write: replaces some days of a table as a whole, or not at all."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Protocol, runtime_checkable

import duckdb

from rfm_assets.contracts import Table
from rfm_assets.errors import ContractError, WarehouseError
from rfm_assets.warehouse.query import Query
from rfm_assets.warehouse.written_days import mark_written


@runtime_checkable
class Load(Protocol):
    """A value that adds its own rows to a slice, such as landed files; it may leave some days as they are."""

    @property
    def refused(self) -> Mapping[date, object]:
        """The days that keep what is stored for them."""

    def load(self, connection: duckdb.DuckDBPyConnection, days: "Slice") -> None:
        """Adds the rows to the cleared days, inside the caller's transaction."""


@dataclass(frozen=True)
class Slice:
    """Some consecutive days of a table, both ends included, but for those that are to stay as they are."""

    table: Table
    first: date
    last: date
    without: frozenset[date] = frozenset()

    @property
    def where(self) -> str:
        """The condition that a row is of these days."""
        return self._covers(self.table.day)

    def select(self) -> Query:
        """The rows stored for these days, not read yet."""
        return Query(f"SELECT * FROM {self.table.address} WHERE {self.where}")

    def clear(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Makes the table if it is new, deletes these days from it, and marks them as written.

        Raises:
            ContractError: when the stored table has other columns or types than the contract.
        """
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {self.table.schema}")
        connection.execute(self.table.ddl())
        stored = _columns(connection, f"SELECT * FROM {self.table.address}")
        if stored != self.table.types:
            message = (
                f"the stored table {self.table.address} is not as its contract says "
                f"({_difference(stored, self.table)}): rename it or drop it, then materialize its days again"
            )
            raise ContractError(message)
        connection.execute(f"DELETE FROM {self.table.address} WHERE {self.where}")
        mark_written(connection, self.table.address, f"SELECT day FROM ({self._calendar}) WHERE {self._covers('day')}")

    def insert(self, connection: duckdb.DuckDBPyConnection, rows: Query) -> None:
        """Adds the rows of a query, by column name.

        Raises:
            ContractError: when a column is missing or surplus.
            WarehouseError: when the query reads a table that is not there yet.
        """
        with tables_must_exist(self.table):
            given = _columns(connection, rows.sql())
        if given.keys() != self.table.types.keys():
            message = f"the rows for {self.table.address} do not fit its contract: {_difference(given, self.table)}"
            raise ContractError(message)
        connection.execute(f"INSERT INTO {self.table.address} BY NAME {rows.sql()}")

    def rows_per_day(self, connection: duckdb.DuckDBPyConnection) -> dict[date, int]:
        """Rows stored for each of these days that has any."""
        counts = connection.execute(
            f"SELECT {self.table.day}, count(*) FROM {self.table.address} WHERE {self.where} GROUP BY 1"
        )
        return dict(counts.fetchall())

    def replace(self, connection: duckdb.DuckDBPyConnection, rows: Query) -> dict[date, int]:
        """Replaces these days by the rows of a query, inside the caller's transaction.

        Raises:
            ContractError: when a row is of another day, besides what `clear` and `insert` raise.
        """
        self.clear(connection)
        before = _count(connection, self.table)
        self.insert(connection, rows)
        per_day = self.rows_per_day(connection)
        strays = _count(connection, self.table) - before - sum(per_day.values())
        if strays:
            message = (
                f"{strays} rows for {self.table.address} are not of the days {self.first} to {self.last}: "
                f"its query must keep to the days of the run"
            )
            raise ContractError(message)
        return per_day

    def _covers(self, column: str) -> str:
        days = f"{column} BETWEEN DATE '{self.first}' AND DATE '{self.last}'"
        if not self.without:
            return days
        kept = ", ".join(f"DATE '{day}'" for day in sorted(self.without))
        return f"{days} AND {column} NOT IN ({kept})"

    @property
    def _calendar(self) -> str:
        span = f"generate_series(DATE '{self.first}', DATE '{self.last}', INTERVAL 1 DAY)"
        return f"SELECT CAST(unnest({span}) AS DATE) AS day"


@contextmanager
def tables_must_exist(table: Table) -> Iterator[None]:
    """Explains what to do about a table that is missing, in a step that is about `table`.

    Raises:
        WarehouseError: when DuckDB finds a table missing.
    """
    try:
        yield
    except duckdb.CatalogException as error:
        if "Table with name" not in str(error):
            raise
        message = f"{table.address} needs a table that is not there yet; materialize it first. {error}"
        raise WarehouseError(message) from error


def _columns(connection: duckdb.DuckDBPyConnection, select: str) -> dict[str, str]:
    return {name: kind for name, kind, *_ in connection.execute(f"DESCRIBE {select}").fetchall()}


def _count(connection: duckdb.DuckDBPyConnection, table: Table) -> int:
    (count,) = connection.execute(f"SELECT count(*) FROM {table.address}").fetchone() or (0,)
    return int(count)


def _difference(columns: Mapping[str, str], table: Table) -> str:
    missing = [name for name in table.types if name not in columns]
    surplus = [name for name in columns if name not in table.types]
    retyped = [f"{n} is {columns[n]}, not {t}" for n, t in table.types.items() if columns.get(n, t) != t]
    parts = [("missing", missing), ("surplus", surplus), ("types", retyped)]
    return "; ".join(f"{what}: {', '.join(names)}" for what, names in parts if names)
