"""The interface of every landing zone, wherever its files are kept."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import dagster as dg

_DAILY_FILE = re.compile(r"(\d{4}-\d{2}-\d{2}).*\.csv(\.gz)?", re.IGNORECASE | re.DOTALL)


class StoredFile(NamedTuple):
    """A file of a zone; its version is computed on demand, since a folder has to read the file for it."""

    key: str
    size_bytes: int
    version: Callable[[], str]
    left_alone: str = ""
    """Why the zone ignores it, if it does."""

    @property
    def day(self) -> date | None:
        """The day in its name; None if there is none, or if the zone ignores the file."""
        return None if self.left_alone else day_of(self.key)


@dataclass(frozen=True, order=True)
class LandedFile:
    """One delivered file: `key` is its path inside the zone, `version` changes whenever its bytes may have."""

    day: date
    key: str
    size_bytes: int
    version: str


@dataclass(frozen=True)
class Survey:
    """The contents of a zone: its daily files, sorted by day and key, and the keys of files without a day.

    `remarks` say what else the zone ignored, and why.
    """

    files: Sequence[LandedFile]
    misnamed: Sequence[str]
    remarks: Sequence[str] = ()


class LandingZone(dg.ConfigurableResource["LandingZone"], ABC):
    """A place where files named by day arrive. A day may have several files, or none."""

    @abstractmethod
    def walk(self) -> Iterator[StoredFile]:
        """Every file, in any order.

        Raises:
            LandingError: when the zone cannot be listed; it is never taken for an empty one.
        """

    @abstractmethod
    def fetch(self, file: LandedFile, scratch: Path) -> Path:
        """A local path with the file's bytes, written below `scratch` if the file is not local already.

        Raises:
            LandingError: when the file is gone or cannot be read.
        """

    @abstractmethod
    def location_of(self, file: LandedFile) -> str:
        """The URL at which a Spark cluster reads the file, in Hadoop's form."""

    @property
    @abstractmethod
    def address(self) -> str:
        """The zone's address, as people write it."""

    def survey(self, first: date = date.min, last: date = date.max) -> Survey:
        """Lists the zone, its daily files only from `first` to `last`, both included.

        Raises:
            LandingError: when the zone cannot be listed; it is never taken for an empty one.
        """
        files, misnamed, remarks = [], [], []
        for stored in self.walk():
            day = stored.day
            if stored.left_alone:
                remarks.append(stored.left_alone)
            elif day is None:
                if not PurePosixPath(stored.key).name.startswith("."):  # a file still being written
                    misnamed.append(stored.key)
            elif first <= day <= last:
                files.append(LandedFile(day, stored.key, stored.size_bytes, stored.version()))
        return Survey(sorted(files), sorted(misnamed), sorted(remarks))

    def files_of(self, first: date, last: date) -> Sequence[LandedFile]:
        """The daily files from `first` to `last`, both included, sorted by day and key."""
        return self.survey(first, last).files

    def stored_of(self, first: date, last: date) -> Sequence[tuple[date, StoredFile]]:
        """The daily files from `first` to `last`, sorted by day and key, their versions not computed yet.

        Raises:
            LandingError: when the zone cannot be listed; it is never taken for an empty one.
        """
        found = ((stored.day, stored) for stored in self.walk())
        return sorted(
            ((day, stored) for day, stored in found if day and first <= day <= last),
            key=lambda of_day: (of_day[0], of_day[1].key),
        )


def day_of(key: str) -> date | None:
    """The day a file is for: its name starts with `YYYY-MM-DD` and ends in `.csv` or `.csv.gz`; else None."""
    match = _DAILY_FILE.fullmatch(PurePosixPath(key).name)
    if match is None:
        return None
    try:
        return date.fromisoformat(match[1])
    except ValueError:  # such as 2025-02-30
        return None
