"""Some days' landed files, looked at and ready to become bronze rows: the value that the bronze asset returns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from rfm_assets.bronze.duplicates import Content
from rfm_assets.bronze.inspection import Inspection
from rfm_assets.bronze.loading import load_files
from rfm_assets.errors import ChangedFileError, LandingError, RefusedFileError
from rfm_assets.landing.zone import LandedFile
from rfm_assets.warehouse.days import Days

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.connect.session import SparkSession

NAMED_AT_ONCE = 20
AGAIN = "materialize again once it is delivered as a whole"


@dataclass(frozen=True)
class FetchedFile:
    """A landed file on this machine's disk, with what a first look told, and how to know that it is still so."""

    landed: LandedFile
    path: Path
    """The file, or a copy of it in UTF-8."""
    inspection: Inspection
    stamp: tuple[int, int]
    location: str
    """Where a cluster reads it, in its own encoding."""

    @property
    def content(self) -> Content:
        """Its day, key and digest, by which copies are found."""
        return Content(self.landed.day, self.landed.key, self.inspection.digest)


@dataclass(frozen=True)
class UnreadFile:
    """A landed file that cannot be loaded, and why."""

    landed: LandedFile
    reason: str
    is_refused: bool
    """Whether that is the file's own fault, so that trying again is of no use; else the server's or this machine's."""


@dataclass(frozen=True)
class LandedFiles:
    """The files of some days, without the days of which a file cannot be loaded.

    Copies of remote files are kept as long as the value.
    """

    files: Sequence[FetchedFile]
    read_at: datetime
    refused: Mapping[date, Sequence[str]]
    """Why, for each day that keeps what is stored for it."""
    duplicates: Sequence[tuple[FetchedFile, str]] = ()
    """Files that are not loaded, each with the key of the one with the same text that is."""
    unread: Sequence[UnreadFile] = ()
    """The files for which days keep what is stored for them."""
    held_back: Sequence[LandedFile] = ()
    """The other files of such days."""

    @property
    def content_version(self) -> str:
        """A digest of the files of the run: it changes when one of them is added, removed, renamed or changed."""
        return sha256(repr([(f.landed.key, f.inspection.digest) for f in self.inspected]).encode()).hexdigest()

    @property
    def inspected(self) -> Sequence[FetchedFile]:
        """The loaded files and the duplicates."""
        return [*self.files, *(file for file, _ in self.duplicates)]

    @property
    def landed(self) -> Sequence[LandedFile]:
        """Every file that lies in the landing zone, read or not."""
        return [*(file.landed for file in self.inspected), *(file.landed for file in self.unread), *self.held_back]

    @property
    def cannot_go_on(self) -> bool:
        """Whether no day that has a file can be loaded."""
        return bool(self.refused) and self.refused.keys() >= {file.day for file in self.landed}

    def must_load_a_day(self) -> None:
        """Refuses to go on where no day that has a file can be loaded.

        Raises:
            LandingError: when that is the fault of the server or of this machine, for one file at least.
            RefusedFileError: when it is the files' own; both name every such file, so that all can be mended at once.
        """
        if not self.cannot_go_on:
            return
        kind = RefusedFileError if all(file.is_refused for file in self.unread) else LandingError
        raise kind(f"nothing was stored: {self.refusals()}")

    def refusals(self) -> str:
        """What is not loaded with the reasons, a line each, and how much there is."""
        reasons = [reason for day in sorted(self.refused) for reason in self.refused[day]]
        is_one, are_refused = len(reasons) == 1, all(file.is_refused for file in self.unread)
        files = "1 file" if is_one else f"{len(reasons)} files"
        what = f"{'is' if is_one else 'are'} refused" if are_refused else "cannot be loaded"
        lines = [f"{files} {what}, and {'its day keeps' if is_one else 'their days keep'} what is stored:"]
        lines += reasons[:NAMED_AT_ONCE]
        if len(reasons) > NAMED_AT_ONCE:
            lines.append(f"... and {len(reasons) - NAMED_AT_ONCE} more")
        return "\n".join(lines)

    def load(self, connection: duckdb.DuckDBPyConnection, days: Days) -> None:
        """Adds every line of every file to the cleared days of a table, inside the caller's transaction.

        See `loading`, which does it.

        Raises:
            RefusedFileError: when DuckDB has made other rows of a file than it has lines.
            ChangedFileError: when one has changed since it was inspected.
        """
        try:
            load_files(connection, days, self.files, self.read_at)
        finally:
            self._refuse_changed()  # also where the change is why reading failed

    def frame(self, session: "SparkSession") -> "DataFrame":
        """Every line of every file, as rows of the table, where a cluster reads them."""
        from rfm_assets.bronze.spark_lines import read_lines

        return read_lines(session, self.files, self.read_at)

    def confirm(self, made: "DataFrame") -> None:
        """Looks at the rows that the cluster made, before they replace anything.

        Raises:
            RefusedFileError: when they are not all lines, or a file has changed since it was inspected.
        """
        from rfm_assets.bronze.spark_lines import confirm_lines

        self._refuse_changed()
        confirm_lines(made, self.files)

    def _refuse_changed(self) -> None:
        changed = [file.landed.key for file in self.inspected if stamp_of(file.path) != file.stamp]
        if changed:
            named = ", ".join(changed[:NAMED_AT_ONCE])
            message = f"{named} changed or vanished while being read, nothing was stored: {AGAIN}"
            raise ChangedFileError(message)


def stamp_of(path: Path) -> tuple[int, int]:
    """When a file was last written and its size, which stay as they are while nobody touches it."""
    try:
        stat = path.stat()
    except OSError:
        return -1, -1
    return stat.st_mtime_ns, stat.st_size
