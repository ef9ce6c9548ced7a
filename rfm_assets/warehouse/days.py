"""The safe write: replaces some days of a table as a whole, or not at all."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import duckdb

from rfm_assets.batches import batches
from rfm_assets.contracts import Table
from rfm_assets.errors import ContractError, MissingTableError
from rfm_assets.warehouse.duckdb.written_days import mark_written
from rfm_assets.warehouse.query import Query

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.connect.session import SparkSession

    from rfm_assets.warehouse.engine import Connection


@runtime_checkable
class Load(Protocol):
    """A value that adds its own rows to a slice, such as landed files; it may leave some days as they are."""

    @property
    def refused(self) -> Mapping[date, object]:
        """The days that keep what is stored for them."""

    def load(self, connection: duckdb.DuckDBPyConnection, days: "Days") -> None:
        """Adds the rows to the cleared days, inside the caller's transaction: how DuckDB stores them."""

    def frame(self, session: "SparkSession") -> "DataFrame":
        """The rows, not read yet: how a Spark cluster comes by them."""

    def confirm(self, made: "DataFrame") -> None:
        """Raises when the rows that the cluster made are not to be stored."""


@dataclass(frozen=True)
class Days:
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
        columns = ", ".join(self.table.types)  # by name: Spark keeps the day at the end
        return Query(f"SELECT {columns} FROM {self.table.address} WHERE {self.where}")

    def select_stored(self, stored: Collection[str]) -> Query:
        """The same, empty in the columns that are not among the stored ones yet."""
        columns = ", ".join(
            name if name in stored else f"CAST(NULL AS {kind}) AS {name}" for name, kind in self.table.types.items()
        )
        return Query(f"SELECT {columns} FROM {self.table.address} WHERE {self.where}")

    def clear(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Makes the table if it is new, deletes these days from it, and marks them as written.

        Raises:
            ContractError: when the stored table has other columns or types than the contract.
        """
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {self.table.schema}")
        connection.execute(self.table.ddl())
        must_be_as_declared(_columns(connection, f"SELECT * FROM {self.table.address}"), self.table)
        connection.execute(f"DELETE FROM {self.table.address} WHERE {self.where}")
        mark_written(connection, self.table.address, f"SELECT day FROM ({self._calendar}) WHERE {self._covers('day')}")

    def insert(self, connection: duckdb.DuckDBPyConnection, rows: Query) -> int:
        """Adds the rows of a query, by column name, and returns how many.

        Raises:
            ContractError: when a column is missing or surplus.
            MissingTableError: when the query reads a table that is not there yet.
        """
        with tables_must_exist(self.table):
            must_fit(_columns(connection, rows.sql()), self.table)
        (count,) = connection.execute(f"INSERT INTO {self.table.address} BY NAME {rows.sql()}").fetchone() or (0,)
        return int(count)

    def spans(self, connection: "Connection", *, rows_at_once: int | None) -> list[tuple[date, date]]:
        """These days in spans that follow each other, each of at most so many stored rows, or of one day."""
        if rows_at_once is None or self.first == self.last:
            return [(self.first, self.last)]
        sizes = sorted(self.rows_per_day(connection).items())
        parts = list(batches(sizes, size=itemgetter(1), most=rows_at_once))
        starts = [self.first, *(part[0][0] for part in parts[1:])]
        ends = [*(start - timedelta(days=1) for start in starts[1:]), self.last]
        return list(zip(starts, ends, strict=True))

    def rows_per_day(self, connection: "Connection") -> dict[date, int]:
        """Rows stored for each of these days that has any."""
        counts = connection.execute(
            f"SELECT {self.table.day}, count(*) FROM {self.table.address} WHERE {self.where} GROUP BY 1"
        )
        return dict(counts.fetchall())

    def replace(
        self, connection: duckdb.DuckDBPyConnection, rows: Query, *, rows_at_once: int | None = None
    ) -> dict[date, int]:
        """Replaces these days by the rows of a query, inside the caller's transaction.

        Raises:
            ContractError: when a row is of another day, besides what `clear` and `insert` raise.
        """
        self.clear(connection)
        inserted = sum(self.insert(connection, some) for some in self._portions(connection, rows, rows_at_once))
        per_day = self.rows_per_day(connection)
        self.must_hold_all(strays=inserted - sum(per_day.values()))
        return per_day

    def _portions(
        self, connection: duckdb.DuckDBPyConnection, rows: Query, rows_at_once: int | None
    ) -> Iterator[Query]:
        """The rows of some days after the other, where the query asks for it and there are many; else all at once."""
        if rows.batches is None:
            yield rows
            return
        with tables_must_exist(self.table):
            spans = Days(rows.batches.sized_by, self.first, self.last).spans(connection, rows_at_once=rows_at_once)
        yield from (rows.batches.part(*span) for span in spans) if len(spans) > 1 else [rows]

    def must_hold_all(self, *, strays: int) -> None:
        """Refuses rows of other days.

        Raises:
            ContractError: when there are any.
        """
        if strays:
            message = (
                f"{strays} rows for {self.table.address} are not of the days {self.first} to {self.last}: "
                f"its query must keep to the days of the run"
            )
            raise ContractError(message)

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


def must_be_as_declared(stored: Mapping[str, str], table: Table) -> None:
    """Refuses a stored table whose columns, given with their types, are not those of the contract.

    Raises:
        ContractError: when they are not.
    """
    if stored != table.types:
        message = (
            f"the stored table {table.address} is not as its contract says "
            f"({_difference(stored, table)}): rename it or drop it, then materialize its days again"
        )
        raise ContractError(message)


def must_fit(given: Mapping[str, str], table: Table) -> None:
    """Refuses rows whose columns, given with their types, are not those of the table.

    Raises:
        ContractError: when a column is missing or surplus.
    """
    if given.keys() != table.types.keys():
        message = f"the rows for {table.address} do not fit its contract: {_difference(given, table)}"
        raise ContractError(message)


@contextmanager
def tables_must_exist(table: Table) -> Iterator[None]:
    """Explains what to do about a table that is missing, in a step that is about `table`.

    Raises:
        MissingTableError: when DuckDB finds a table missing.
    """
    try:
        yield
    except duckdb.CatalogException as error:
        if "Table with name" not in str(error):
            raise
        message = f"{table.address} needs a table that is not there yet; materialize it first. {error}"
        raise MissingTableError(message) from error


def _columns(connection: duckdb.DuckDBPyConnection, select: str) -> dict[str, str]:
    return {name: kind for name, kind, *_ in connection.execute(f"DESCRIBE {select}").fetchall()}


def _difference(columns: Mapping[str, str], table: Table) -> str:
    missing = [name for name in table.types if name not in columns]
    surplus = [name for name in columns if name not in table.types]
    retyped = [f"{n} is {columns[n]}, not {t}" for n, t in table.types.items() if columns.get(n, t) != t]
    parts = [("missing", missing), ("surplus", surplus), ("types", retyped)]
    return "; ".join(f"{what}: {', '.join(names)}" for what, names in parts if names)
