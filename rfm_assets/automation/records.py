"""What goes wrong with Dagster's own records, in one sentence: a full disk, a folder that cannot be written."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rfm_assets.errors import RfmError

_SIGNS = (
    "readonly database",
    "unable to open database file",
    "database or disk is full",
    "disk I/O error",
    "Read-only file system",
    "No space left on device",
    "Permission denied",
    "File exists",
    "Not a directory",
)


@contextmanager
def recorded_in(home: Path) -> Iterator[None]:
    """Turns the errors of a folder of Dagster's records that cannot be written into a sentence about that folder.

    Raises:
        RfmError: in place of such an error.
    """
    try:
        yield
    except RfmError:
        raise
    except Exception as error:
        reason = next((str(one) for one in _causes(error) if any(sign in str(one) for sign in _SIGNS)), None)
        if reason is None:
            raise
        first = reason.splitlines()[0].strip()
        free = shutil.disk_usage(home).free / 1e6
        message = (
            f"Dagster cannot record the run in {home.resolve()} ({first}; {free:,.0f} MB are free there): "
            "make room or give the right to write, or set DAGSTER_HOME to another folder with a dagster.yaml"
        )
        raise RfmError(message) from error


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__ or error.__context__
