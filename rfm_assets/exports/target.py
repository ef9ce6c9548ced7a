"""Where daily files go: a folder or a bucket. Only changed files are written, each atomically."""

import contextlib
import os
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from rfm_assets.errors import LandingError, SettingError
from rfm_assets.exports.found import digest_of
from rfm_assets.landing.address import bucket_and_prefix

SUFFIX = "_orders.csv"
"""The suffix of daily files' names."""


def name_of(day: date) -> str:
    """The name of a day's file."""
    return f"{day}{SUFFIX}"


class Target(Protocol):
    """The landing zone for writing daily files. Methods raise LandingError when it cannot be used."""

    @property
    def address(self) -> str:
        """The address, as people write it."""

    def digests(self, days: set[date]) -> dict[date, str]:
        """The SHA-256 of these days' existing files."""

    def put(self, day: date, file: Path) -> None:
        """Stores a day's file; the earlier file stays until the new one is complete."""

    def remove(self, day: date) -> None:
        """Removes a day's file, if there is one."""


@dataclass(frozen=True)
class FolderTarget:
    """A folder on this machine."""

    folder: Path

    @property
    def address(self) -> str:
        """The folder's path."""
        return str(self.folder)

    def digests(self, days: set[date]) -> dict[date, str]:
        """Reads the files of these days."""
        try:
            return {day: digest_of(path) for day in days if (path := self.folder / name_of(day)).is_file()}
        except OSError as error:
            raise LandingError(f"cannot read {error.filename}: {error.strerror}") from error

    def put(self, day: date, file: Path) -> None:
        """Copies the file under a temporary name that no landing zone reads, and renames it."""
        path = self.folder / name_of(day)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, beside)
            beside.replace(path)
        except OSError as error:
            raise LandingError(
                f"cannot write {path}: {error.strerror}: free some space, or choose another --to"
            ) from error
        finally:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)

    def remove(self, day: date) -> None:
        """Deletes the file."""
        try:
            (self.folder / name_of(day)).unlink(missing_ok=True)
        except OSError as error:
            raise LandingError(f"cannot delete {error.filename}: {error.strerror}") from error


def target_at(address: str) -> Target:
    """The landing zone at an address.

    Raises:
        SettingError: when it is neither a folder nor s3://bucket/prefix.
    """
    bucket = bucket_and_prefix(address, setting="--to")
    if bucket is not None:
        from rfm_assets.exports.bucket import BucketTarget

        return BucketTarget(*bucket)
    if Path(address).is_file():
        raise SettingError(f"{address} is a file: name a folder for the daily files")
    return FolderTarget(Path(address))
