"""The inspected files of a range of days, ready to become bronze rows: the value that the bronze asset returns."""

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
    """A landed file on this machine's disk, its inspection, and a stamp to detect later changes."""

    landed: LandedFile
    path: Path
    """The file, or a copy of it in UTF-8."""
    inspection: Inspection
    stamp: tuple[int, int]
    location: str
    """Where a Spark cluster reads it, in its own encoding."""

    @property
    def content(self) -> Content:
        """Its day, key and digest, for finding copies."""
        return Content(self.landed.day, self.landed.key, self.inspection.digest)


@dataclass(frozen=True)
class UnreadFile:
    """A landed file that cannot be loaded, and why."""

    landed: LandedFile
    reason: str
    is_refused: bool
    """Whether the file itself is at fault, so that retrying is useless; otherwise the server or this machine is."""


@dataclass(frozen=True)
class LandedFiles:
    """The files of a range of days, without the days that have a file which cannot be loaded.

    Local copies of remote files live as long as this value.
    """

    files: Sequence[FetchedFile]
    read_at: datetime
    refused: Mapping[date, Sequence[str]]
    """The reason, for each day that keeps its stored rows."""
    duplicates: Sequence[tuple[FetchedFile, str]] = ()
    """Files that are not loaded, each with the key of the loaded file with the same text."""
    unread: Sequence[UnreadFile] = ()
    """The files because of which days keep their stored rows."""
    held_back: Sequence[LandedFile] = ()
    """The other files of such days."""

    @property
    def content_version(self) -> str:
        """A digest of the run's files: it changes when one is added, removed, renamed or changed."""
        return sha256(repr([(f.landed.key, f.inspection.digest) for f in self.inspected]).encode()).hexdigest()

    @property
    def inspected(self) -> Sequence[FetchedFile]:
        """The loaded files and the duplicates."""
        return [*self.files, *(file for file, _ in self.duplicates)]

    @property
    def landed(self) -> Sequence[LandedFile]:
        """Every file in the landing zone, read or not."""
        return [*(file.landed for file in self.inspected), *(file.landed for file in self.unread), *self.held_back]

    @property
    def cannot_go_on(self) -> bool:
        """Whether no day that has a file can be loaded."""
        return bool(self.refused) and self.refused.keys() >= {file.day for file in self.landed}

    def must_load_a_day(self) -> None:
        """Refuses to go on when no day that has a file can be loaded.

        Raises:
            LandingError: when the server or this machine is at fault for at least one file.
            RefusedFileError: when only the files are. Both name every such file, so that all can be fixed at once.
        """
        if not self.cannot_go_on:
            return
        kind = RefusedFileError if all(file.is_refused for file in self.unread) else LandingError
        raise kind(f"nothing was stored: {self.refusals()}")

    def refusals(self) -> str:
        """The files that are not loaded, counted, with a line for each reason."""
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

        See `loading`.

        Raises:
            RefusedFileError: when DuckDB made more or fewer rows of a file than it has lines.
            ChangedFileError: when one has changed since it was inspected.
        """
        try:
            load_files(connection, days, self.files, self.read_at)
        finally:
            self._refuse_changed()  # runs after an error, too: the change may be why reading failed

    def frame(self, session: "SparkSession") -> "DataFrame":
        """Every line of every file as rows of the table, read by the Spark cluster."""
        from rfm_assets.bronze.spark_lines import read_lines

        return read_lines(session, self.files, self.read_at)

    def confirm(self, made: "DataFrame") -> None:
        """Checks the rows that the Spark cluster made, before they replace anything.

        Raises:
            RefusedFileError: when rows and lines differ in number, or a file has changed since it was inspected.
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
    """A file's modification time and size, which stay the same until somebody writes to it."""
    try:
        stat = path.stat()
    except OSError:
        return -1, -1
    return stat.st_mtime_ns, stat.st_size
