"""A process that rewrites a day of the warehouse and tells how far it is, so that a test can meet it there."""

import multiprocessing as mp
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from unittest.mock import patch

import duckdb

from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.duckdb import write
from rfm_assets.warehouse.duckdb.engine import DuckDBEngine
from rfm_assets.warehouse.query import Query
from rfm_assets_tests.warehouse.tables import VISITS, query, visit

# One process imports the package, the writers are its copies: at once there, without a thread or a file of the test's.
_PROCESSES = mp.get_context("forkserver")
_PROCESSES.set_forkserver_preload([__name__])

_PATIENCE_SECONDS = 60  # for a writer to get somewhere, on a very busy machine


@dataclass(frozen=True)
class Writer:
    """A process that rewrites a day: it stops when it has `deleted` and when it has `inserted`, until told to go on.

    It also tells when it is `waiting` for the file, and when it has `committed`.
    """

    process: BaseProcess
    channel: Connection

    def until(self, point: str) -> None:
        """Waits until the writer is there."""
        told = ""
        while told != point:
            assert self.channel.poll(_PATIENCE_SECONDS), f"never came to {point!r}, was last at {told!r}"
            told = self.channel.recv()

    def go_on(self) -> None:
        """Lets it leave the point at which it stopped."""
        self.channel.send("go on")

    def finish(self) -> None:
        """Lets a writer that has deleted go all the way."""
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
    here, there = _PROCESSES.Pipe()
    process = _PROCESSES.Process(target=_rewrite, args=(warehouse.database, day, there), daemon=True)
    process.start()
    there.close()
    writer = Writer(process, here)
    try:
        yield writer
    finally:
        writer.kill()
        here.close()


def _rewrite(database: str, day: date, channel: Connection) -> None:
    wait = time.sleep

    def tell_and_wait(seconds: float) -> None:
        channel.send("waiting")
        wait(seconds)

    store = DuckDBEngine(database=database, lock_patience=_PATIENCE_SECONDS)
    insert = write.insert

    def insert_and_stop(connection: duckdb.DuckDBPyConnection, days: Days, rows: Query) -> int:
        _stop_at(channel, "deleted")
        count = insert(connection, days, rows)
        _stop_at(channel, "inserted")
        return count

    with (
        patch("time.sleep", tell_and_wait),
        patch.object(write, "insert", insert_and_stop),
        store.transaction() as connection,
    ):
        write.replace_days(connection, Days(VISITS, day, day), query(visit(day, "new")))
    channel.send("committed")


def _stop_at(channel: Connection, point: str) -> None:
    channel.send(point)
    channel.recv()
