"""Processes that a test starts, pauses half-way and kills, each at the other end of a channel."""

import multiprocessing as mp
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import duckdb

# Forked from a process that has imported the package's dependencies: starts quickly, without the test's threads and
# files. The package itself is not imported there: on import it reads the shop file of the working directory.
PROCESSES = mp.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    [*("dagster", "alembic.command", "duckdb", "pandas", "pydantic_settings"), *("scipy.stats", "sklearn.cluster")]
)

PATIENCE_SECONDS = 60  # for a process to reach a point, on a very busy machine


@contextmanager
def started(target: Callable[..., None], *arguments: object) -> Iterator[tuple[BaseProcess, Connection]]:
    """A process with one end of a channel; whatever happens, it is gone at the end."""
    here, there = PROCESSES.Pipe()
    process = PROCESSES.Process(target=target, args=(*arguments, there), daemon=True)
    process.start()
    there.close()
    try:
        yield process, here
    finally:
        process.kill()
        process.join()
        here.close()


def told(channel: Connection) -> object:
    """The process's next message."""
    assert channel.poll(PATIENCE_SECONDS), "it said nothing"
    return channel.recv()


def hold_for_writing(file: Path, channel: Connection) -> None:
    """Opens a published copy for writing, as no reader should, and keeps it open."""
    file.chmod(0o644)
    with duckdb.connect(str(file)):
        channel.send("open")
        threading.Event().wait()
