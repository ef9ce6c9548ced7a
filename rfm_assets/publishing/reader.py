"""Opens the newest published copy read-only, independently of the running pipeline.

An open copy never changes. `version` tells cheaply whether there is a newer one.
"""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import duckdb

from rfm_assets.errors import (
    CopyCorruptError,
    CopyLockedError,
    CopyMissingError,
    CopyNewerError,
    CopyUnreadableError,
)
from rfm_assets.publishing.versions import COPY, Pointer
from rfm_assets.schema.versions import CURRENT
from rfm_assets.scratch import ScratchFolder
from rfm_assets.warehouse.duckdb.errors import is_locked as was_locked

_TRIES = 5  # a copy is removed once two newer ones have been published since its name was looked up


def version(folder: Path) -> str:
    """The name of the newest published copy; a different name is a different copy.

    Raises:
        CopyMissingError: when nothing has been published.
    """
    newest = Pointer(folder, COPY).newest
    if newest is None:
        raise _missing(folder)
    return newest.name


def connect(folder: Path, of_version: str | None = None) -> duckdb.DuckDBPyConnection:
    """Opens a published copy, by default the newest; the caller closes it.

    Raises:
        CopyMissingError: when nothing has been published, or that version is gone.
        CopyCorruptError: when the file is damaged.
        CopyLockedError: when another program has it open for writing.
        CopyNewerError: when a newer version of the pipeline published it.
    """
    if of_version is not None:
        return _open(folder / of_version)
    for _ in range(_TRIES):
        newest = version(folder)
        try:
            return _open(folder / newest)
        except CopyMissingError:
            if newest == version(folder):
                raise
    raise _missing(folder)


@contextmanager
def published_copy(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The newest published copy for the duration of a block; raises what `connect` raises."""
    connection = connect(folder)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def content(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Like `published_copy`, but reads a copy of the file if another program has it open for writing.

    Raises:
        CopyMissingError: when nothing has been published.
        CopyCorruptError: when the file is damaged.
        CopyLockedError: when that program has changed the file so that a copy cannot be read.
    """
    with ExitStack() as held:
        try:
            connection = connect(folder)
        except CopyLockedError as error:
            copy = held.enter_context(ScratchFolder("publish")) / version(folder)
            shutil.copyfile(folder / copy.name, copy)
            try:
                connection = _open(copy)
            except CopyCorruptError:
                raise error from None
        held.callback(connection.close)
        yield connection


def is_locked(folder: Path) -> bool:
    """Whether another program has the newest published copy open for writing."""
    try:
        connect(folder).close()
    except CopyLockedError:
        return True
    except CopyUnreadableError:
        return False
    return False


def _open(file: Path) -> duckdb.DuckDBPyConnection:
    try:
        connection = duckdb.connect(str(file), read_only=True, config={"autoinstall_known_extensions": False})
    except duckdb.Error as error:
        if not file.exists():
            raise _missing(file.parent) from error
        if was_locked(error):
            message = (
                f"{file} is open for writing in another program: close it there; readers open it read-only. "
                f"DuckDB says: {error}"
            )
            raise CopyLockedError(message) from error
        message = (
            f"{file} cannot be read: materialize publishing/snapshot, which writes it again from the warehouse. "
            f"DuckDB says: {error}"
        )
        raise CopyCorruptError(message) from error
    try:
        _must_be_known(connection, file)
    except CopyNewerError:
        connection.close()
        raise
    return connection


def _must_be_known(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Refuses a copy with a newer schema version; older ones, or ones without a version, are read."""
    try:
        found = connection.execute("SELECT schema_version FROM meta.published").fetchone()
    except duckdb.Error:  # from before copies had a version; damage shows up when reading on
        return
    if found and found[0] > CURRENT:
        message = (
            f"{file} has version {found[0]}, and this program knows versions up to {CURRENT}: use the program that "
            "published it or a newer one, or set RFM_PUBLISHED to another folder"
        )
        raise CopyNewerError(message)


def _missing(folder: Path) -> CopyMissingError:
    return CopyMissingError(
        f"there is no published copy in {folder.resolve()}: run `make demo`, or materialize publishing/snapshot, "
        f"or set RFM_PUBLISHED to the folder it is published in"
    )
