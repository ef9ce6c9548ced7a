"""A small table that stands in for any warehouse table, its rows, and a process that rewrites a day of it.

The process reports its progress, so that a test can act at a given point.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from unittest.mock import patch

import duckdb

from rfm_assets.contracts import Column, Table
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.duckdb import write
from rfm_assets.warehouse.duckdb.engine import DuckDBEngine
from rfm_assets.warehouse.query import Query
from rfm_assets_tests.helpers.processes import PATIENCE_SECONDS, started, told

VISITS = Table(
    "gold.visits",
    "A customer's spending on a day.",
    (
        Column("as_of_date", "DATE", "The day.", nullable=False),
        Column("customer", "VARCHAR", "Who."),
        Column("spent", "DECIMAL(10,2)", "How much."),
    ),
)
STORED = "SELECT as_of_date, customer, spent FROM gold.visits ORDER BY ALL"

DAY, NEXT_DAY, THIRD_DAY = date(2025, 6, 26), date(2025, 6, 27), date(2025, 6, 28)

Row = tuple[date | None, str, Decimal]


def visit(day: date | None, customer: str, spent: str = "1.10") -> Row:
    return day, customer, Decimal(spent)


def query(*rows: Row, columns: str = "as_of_date, customer, spent") -> Query:
    """The rows as a query with these columns; without rows, an empty one of their types."""
    typed = ", ".join(f"(CAST({_day(day)} AS DATE), '{customer}', {spent})" for day, customer, spent in rows)
    source = typed or "(DATE '2000-01-01', '', 0.00)"
    none = "" if rows else " WHERE false"
    return Query(f"SELECT {columns} FROM (VALUES {source}) AS row(as_of_date, customer, spent){none}")


def days(first: date, last: date | None = None) -> Days:
    return Days(VISITS, first, last or first)


def _day(day: date | None) -> str:
    return "NULL" if day is None else f"'{day}'"


@dataclass(frozen=True)
class Writer:
    """A process that rewrites a day: it pauses at `deleted` and at `inserted` until told to go on.

    It also reports when it is `waiting` for the file, and when it has `committed`.
    """

    process: BaseProcess
    channel: Connection

    def until(self, point: str) -> None:
        """Waits until the writer reaches a point."""
        while told(self.channel) != point:
            pass

    def go_on(self) -> None:
        """Lets it continue from the point where it paused."""
        self.channel.send("go on")

    def finish(self) -> None:
        """Lets a writer that has deleted run to its end."""
        self.go_on()
        self.until("inserted")
        self.go_on()
        self.until("committed")

    def kill(self) -> None:
        """Ends it at once, as `kill -9` does."""
        self.process.kill()
        self.process.join()


@contextmanager
def rewriting(warehouse: DuckDBEngine, day: date) -> Iterator[Writer]:
    """A writer that has started on a day."""
    with started(_rewrite, warehouse.database, day) as (process, channel):
        yield Writer(process, channel)


def _rewrite(database: str, day: date, channel: Connection) -> None:
    wait = time.sleep

    def tell_and_wait(seconds: float) -> None:
        channel.send("waiting")
        wait(seconds)

    store = DuckDBEngine(database=database, lock_patience=PATIENCE_SECONDS)
    insert = write.insert

    def insert_and_stop(connection: duckdb.DuckDBPyConnection, slice_: Days, rows: Query) -> int:
        _stop_at(channel, "deleted")
        count = insert(connection, slice_, rows)
        _stop_at(channel, "inserted")
        return count

    with (
        patch("time.sleep", tell_and_wait),
        patch.object(write, "insert", insert_and_stop),
        store.transaction() as connection,
    ):
        write.replace_days(connection, days(day), query(visit(day, "new")))
    channel.send("committed")


def _stop_at(channel: Connection, point: str) -> None:
    channel.send(point)
    channel.recv()
