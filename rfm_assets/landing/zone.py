"""What every landing zone can do, whatever keeps its files."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

import dagster as dg

_DAILY_FILE = re.compile(r"(\d{4}-\d{2}-\d{2}).*\.csv(\.gz)?", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, order=True)
class LandedFile:
    """One delivered file: `key` is its path inside the zone, `version` changes whenever its bytes may have."""

    day: date
    key: str
    size_bytes: int
    version: str


class LandingZone(dg.ConfigurableResource["LandingZone"], ABC):
    """A place where files named by their day arrive. A day may have several files, or none."""

    @abstractmethod
    def list_files(self) -> Sequence[LandedFile]:
        """Every daily file there is, in the order of days and keys.

        Raises:
            LandingError: when the zone cannot be listed; it is never taken for an empty one.
        """

    @abstractmethod
    def fetch(self, file: LandedFile, scratch: Path) -> Path:
        """A local path with the file's bytes, written below `scratch` if the file is not local already.

        Raises:
            LandingError: when the file is gone or cannot be read.
        """

    @property
    @abstractmethod
    def address(self) -> str:
        """Where the zone is, as a person writes it."""

    def files_of(self, first: date, last: date) -> Sequence[LandedFile]:
        """The files of the days from `first` to `last`, both included."""
        return [file for file in self.list_files() if first <= file.day <= last]


def day_of(key: str) -> date | None:
    """The day a file is for: its name starts with `YYYY-MM-DD` and ends in `.csv` or `.csv.gz`; else None."""
    match = _DAILY_FILE.fullmatch(PurePosixPath(key).name)
    if match is None:
        return None
    try:
        return date.fromisoformat(match[1])
    except ValueError:  # such as 2025-02-30
        return None


def in_order(files: Iterable[LandedFile]) -> Sequence[LandedFile]:
    """Files by day, then by key: the order every zone lists them in."""
    return sorted(files)
