"""Publishing a file or a folder whole: a new version is written beside the old one, then a pointer moves to it."""

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

SNAPSHOT, PARQUET, AUDIENCES = "rfm.duckdb", "parquet", "audiences"


@dataclass(frozen=True)
class Pointer:
    """A name in a folder, such as `rfm.duckdb`, that stands for the newest version, such as `rfm-20260428T0930.duckdb`.

    It is a relative link. One who resolves it has a version that nobody writes any more.
    """

    folder: Path
    name: str

    @property
    def path(self) -> Path:
        """The pointer itself."""
        return self.folder / self.name

    @property
    def newest(self) -> Path | None:
        """The version that is shown, unless nothing has been published."""
        try:
            return self.folder / self.path.readlink()
        except OSError:
            return None

    def new_version(self) -> Path:
        """Where the next version is to be written; nothing is there yet."""
        self.folder.mkdir(parents=True, exist_ok=True)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        return self.folder / f"{self.path.stem}-{stamp}{self.path.suffix}"

    def show(self, version: Path, *, keep_previous: bool = True) -> None:
        """Moves the pointer to a finished version, then removes what it leaves behind.

        The version shown until now is kept for whoever has just resolved the pointer, unless told otherwise.
        """
        previous = self.newest
        _store(version)
        link = self.folder / f".{self.name}.next"
        link.unlink(missing_ok=True)
        link.symlink_to(version.name)
        link.replace(self.path)
        _sync(self.folder)
        self._remove_all_but({version, previous} if keep_previous else {version})

    def _remove_all_but(self, kept: set[Path | None]) -> None:
        # Also what a killed run has left: since one process publishes at a time, nobody is writing it.
        for stray in self.folder.glob(f"{self.path.stem}-*"):
            if stray in kept:
                continue
            if stray.is_dir():
                shutil.rmtree(stray)
            else:
                stray.unlink()


def _store(version: Path) -> None:
    """Has the disk hold every file of a version, and takes the right to write them."""
    files = [file for file in version.rglob("*") if file.is_file()] if version.is_dir() else [version]
    for file in files:
        file.chmod(0o444)
        _sync(file)
    if version.is_dir():
        _sync(version)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
