"""Processes that publish and stop on the way, or read in a loop, so that a test can meet them there."""

import multiprocessing as mp
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from unittest.mock import patch

import duckdb

from rfm_assets.publishing import reader
from rfm_assets.publishing.publish import publish
from rfm_assets.publishing.source import StoredInFile

# One process imports the package, the others are its copies: at once there, without a thread or a file of the test's.
_PROCESSES = mp.get_context("forkserver")
_PROCESSES.set_forkserver_preload([__name__])

_PATIENCE_SECONDS = 60
_OPENS_A_SECOND = 10

# Where a publish can be stopped, in the order in which it comes there.
STOPS = {
    "before the first byte": "rfm_assets.publishing.source.StoredInFile.take_stock",
    "copied, nothing replaced": "rfm_assets.publishing.written_copy._stale_days",
    "replaced, not yet checked": "rfm_assets.publishing.written_copy._is_complete",
    "written, no Parquet": "rfm_assets.publishing.publish.write_parquet",
    "on its way to the disk": "rfm_assets.publishing.versions._store",
    "the next pointer made": "pathlib.Path.replace",
}


@contextmanager
def started(target: Callable[..., None], *arguments: object) -> Iterator[tuple[BaseProcess, Connection]]:
    """A process that has been given one end of a channel; whatever happens, it is gone in the end."""
    here, there = _PROCESSES.Pipe()
    process = _PROCESSES.Process(target=target, args=(*arguments, there), daemon=True)
    process.start()
    there.close()
    try:
        yield process, here
    finally:
        process.kill()
        process.join()
        here.close()


def told(channel: Connection) -> object:
    """What the process says next."""
    assert channel.poll(_PATIENCE_SECONDS), "it said nothing"
    return channel.recv()


def publish_until(database: str, folder: Path, stop: str, channel: Connection) -> None:
    """Publishes, and stops for good where it is told to."""

    def stopped(*_: object, **__: object) -> None:
        channel.send(os.getpid())
        threading.Event().wait()

    with duckdb.connect(database) as warehouse, patch(stop, stopped):
        publish(StoredInFile(warehouse), folder, run_id="a run to be killed")


def hold_for_writing(file: Path, channel: Connection) -> None:
    """Opens a published copy as no reader should, and keeps it open."""
    file.chmod(0o644)
    with duckdb.connect(str(file)):
        channel.send("open")
        threading.Event().wait()


def read_in_a_loop(folder: Path, channel: Connection) -> None:
    """Opens the newest copy again and again until it is told to end; tells each version it sees, whole or not."""
    seen = ""
    while not channel.poll(1 / _OPENS_A_SECOND):
        with reader.published_copy(folder) as held:
            run, *torn = held.execute(_TORN_DAYS).fetchall()[0]
        if torn != [0]:
            channel.send(f"{run} has {torn} days that are not whole")
        if run != seen:
            channel.send(run)
            seen = run


# Every customer of a day is in its segments, its thresholds and its summary, or the day is not whole.
_TORN_DAYS = """
    SELECT (SELECT run_id FROM meta.published), count(*) FROM (
        SELECT as_of_date, count(*) AS customers FROM gold.customer_segments GROUP BY as_of_date
    ) AS segments
    FULL JOIN (SELECT as_of_date, customers FROM gold.segment_thresholds) AS thresholds USING (as_of_date)
    FULL JOIN (
        SELECT as_of_date, sum(Customer_Count) AS customers FROM gold.segment_summary GROUP BY as_of_date
    ) AS summary USING (as_of_date)
    WHERE segments.customers IS DISTINCT FROM thresholds.customers
        OR segments.customers IS DISTINCT FROM summary.customers"""
