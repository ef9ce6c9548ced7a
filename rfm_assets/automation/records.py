"""What goes wrong with Dagster's own records, in one sentence: a full disk, a folder that cannot be written."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import walk_tb

from rfm_assets.automation.room import advice
from rfm_assets.errors import RfmError

_KEEP_RECORDS = ("dagster._core.storage.", "rfm_assets.dagster_storage.", "rfm_assets.owners")


@contextmanager
def recorded_in(home: Path) -> Iterator[None]:
    """Turns errors of keeping Dagster's records into a sentence about their folder; all others pass.

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


def _is_of_records(error: BaseException) -> bool:
    """Whether it was raised by what keeps records, or by what that called."""
    modules = (str(frame.f_globals.get("__name__")) for frame, _ in walk_tb(error.__traceback__))
    return any(module.startswith(_KEEP_RECORDS) for module in modules)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__ or error.__context__
