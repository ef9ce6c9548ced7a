"""Publishes a file or folder atomically: a new version is written beside the old one, then a pointer moves to it."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rfm_assets.whole_file import sync

COPY, PARQUET, AUDIENCES = "rfm.duckdb", "parquet", "audiences"

# Lists of customers are readable by owner and group only, whatever the umask.
FOLDER, WRITABLE, _FINISHED = 0o750, 0o640, 0o440

_STAMP, _STAMPED = "%Y%m%dT%H%M%S.%fZ", r"\d{8}T\d{6}\.\d{6}Z"


@dataclass(frozen=True)
class Pointer:
    """A name in a folder, such as `rfm.duckdb`, for the newest version, such as `rfm-20260428T0930.duckdb`.

    It is a relative link. Whoever resolves it has a version that nobody writes to any more.
    """

    folder: Path
    name: str

    @property
    def path(self) -> Path:
        """The pointer itself."""
        return self.folder / self.name

    @property
    def newest(self) -> Path | None:
        """The current version; None if nothing has been published."""
        try:
            return self.folder / self.path.readlink()
        except OSError:
            return None

    def new_version(self) -> Path:
        """An unused path for the next version.

        Leftovers of failed or killed runs are deleted first, or they would fill the disk on which the runs failed. Only
        one process publishes at a time, so nobody is writing them.
        """
        make_folder(self.folder)
        shown = self.newest
        _remove(version for version in self._versions() if shown is None or version.name > shown.name)
        return self.folder / f"{self.path.stem}-{datetime.now(UTC).strftime(_STAMP)}{self.path.suffix}"

    def show(self, version: Path, *, keep_previous: bool = True) -> None:
        """Moves the pointer to a finished version, then removes old versions.

        The previous version is kept for readers that have just resolved the pointer, unless `keep_previous` is off.
        """
        previous = self.newest
        _store(version)
        link = self.folder / f".{self.name}.next"
        link.unlink(missing_ok=True)
        link.symlink_to(version.name)
        link.replace(self.path)
        sync(self.folder)
        kept = {version, previous} if keep_previous else {version}
        _remove(stray for stray in self._versions() if stray not in kept)

    def _versions(self) -> list[Path]:
        """Every version, and DuckDB's log of an unfinished one; nothing else in the folder."""
        named = re.compile(rf"{re.escape(self.path.stem)}-{_STAMPED}{re.escape(self.path.suffix)}(\.wal)?")
        return [path for path in self.folder.iterdir() if named.fullmatch(path.name)]


def make_folder(folder: Path) -> None:
    """Makes a folder for owner and group only, whatever the umask; an existing one stays as it is."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(FOLDER)


def _remove(versions: Iterator[Path]) -> None:
    for version in versions:
        if version.is_dir():
            shutil.rmtree(version)
        else:
            version.unlink()


def _store(version: Path) -> None:
    """Fsyncs every file of a version, and makes them readable to owner and group only."""
    files = [file for file in version.rglob("*") if file.is_file()] if version.is_dir() else [version]
    for file in files:
        file.chmod(_FINISHED)
        sync(file)
    if version.is_dir():
        version.chmod(FOLDER)
        sync(version)
