"""Errors of Dagster's own storage in one sentence: a full disk, a folder that cannot be written."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from traceback import walk_tb

import dagster as dg

from rfm_assets.automation.disk_space import advice
from rfm_assets.errors import RfmError
from rfm_assets.owners import alone

_KEEP_RECORDS = ("dagster._core.storage.", "rfm_assets.dagster_storage.", "rfm_assets.owners")


@contextmanager
def recorded_in(home: Path) -> Iterator[None]:
    """Replaces errors of writing Dagster's records by one that names their folder; other errors pass through.

    Raises:
        RfmError: in place of such an error.
    """
    try:
        yield
    except RfmError:
        raise
    except Exception as error:
        causes = list(_causes(error))
        reason = next((str(one) for one in causes if isinstance(one, OSError | sqlite3.Error)), None)
        if reason is None or not any(map(_is_of_records, causes)):
            raise
        first = reason.splitlines()[0].strip()
        way_out = advice(reason) or "give the right to write, or set DAGSTER_HOME to another folder with a dagster.yaml"
        raise RfmError(f"Dagster cannot write its records in {home.resolve()} ({first}): {way_out}") from error


@contextmanager
def open_records(home: Path) -> Iterator[dg.DagsterInstance]:
    """Opens Dagster's records, creating missing tables, one process at a time.

    Two processes that create the tables at once leave records that no later run can open.

    Raises:
        RfmError: when they cannot be written, or when `recorded_in` raises while they are open.
    """
    with recorded_in(home):
        with _alone(home):
            instance = dg.DagsterInstance.from_config(str(home))
            instance.get_runs_count()
            instance.all_asset_keys()
            instance.schedule_storage.all_instigator_state()  # type: ignore[union-attr]
        with instance:
            yield instance


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Waits until no other process on this machine holds the same home."""
    digest = blake2b(str(home.resolve()).encode(), digest_size=8).hexdigest()
    with alone(Path(tempfile.gettempdir(), f"rfm-records-{digest}.lock"), wait=True):
        yield


def _is_of_records(error: BaseException) -> bool:
    """Whether Dagster's storage, or something it called, raised the error."""
    modules = (str(frame.f_globals.get("__name__")) for frame, _ in walk_tb(error.__traceback__))
    return any(module.startswith(_KEEP_RECORDS) for module in modules)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__ or error.__context__
