"""Some days' landed files, looked at and ready to become bronze rows: the value that the bronze asset returns."""

import weakref
import zlib
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from rfm_assets.bronze.duplicates import Content, copies_of, originals
from rfm_assets.bronze.encoding import Encoding, copy_as_utf8
from rfm_assets.bronze.inspection import Inspection, inspect, open_bytes
from rfm_assets.bronze.loading import load_files
from rfm_assets.errors import ChangedFileError, LandingError, RefusedFileError
from rfm_assets.landing.zone import LandedFile, LandingZone
from rfm_assets.scratch import ScratchFolder
from rfm_assets.warehouse.days import Days

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.connect.session import SparkSession

NAMED_AT_ONCE = 20
_GONE = (
    "no file of {day} is in {zone} any more: deliver it again, check RFM_LANDING, or delete the day from "
    "bronze.landed_files to have it emptied"
)
_AGAIN = "materialize again once it is delivered as a whole"
_FETCHED_AT_ONCE = 10  # more wait for a connection of the S3 client


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
        changed = [file.landed.key for file in self.inspected if _stamp(file.path) != file.stamp]
        if changed:
            named = ", ".join(changed[:NAMED_AT_ONCE])
            message = f"{named} changed or vanished while being read, nothing was stored: {_AGAIN}"
            raise ChangedFileError(message)


def inspect_days(
    zone: LandingZone, first: date, last: date, *, held: Iterable[Content] = (), encoding: Encoding = "utf-8"
) -> LandedFiles:
    """Fetches and inspects the files of the days from `first` to `last`; a day without a file has none.

    `held` are the files of all days until `last` whose lines are stored. A day with a file that cannot become bronze
    rows is left out as a whole, and keeps what is stored for it. So does a day of a held file when none of its files is
    there any more, but for files whose text lies under another name now. A file with the same text as an earlier one,
    stored or fetched, is not loaded. Files are in UTF-8, or in `encoding`.

    Raises:
        LandingError: when the zone cannot be listed.
    """
    landed = zone.files_of(first, last)
    scratch = ScratchFolder("landing")
    try:
        with ThreadPoolExecutor(max_workers=_FETCHED_AT_ONCE) as pool:
            found = pool.map(lambda file: _fetch(zone, file, scratch.path, encoding), landed)
            outcomes = list(found)
        files = _sorted_out(zone, outcomes, [content for content in held if content.day <= last], first)
    except BaseException:
        scratch.remove()
        raise
    weakref.finalize(files, scratch.remove)
    return files


def _sorted_out(
    zone: LandingZone, outcomes: Sequence[FetchedFile | UnreadFile], held: Sequence[Content], first: date
) -> LandedFiles:
    """The files to load, the days that keep what is stored for them, and the duplicates."""
    read_at = datetime.now(UTC).replace(tzinfo=None)
    landed = [outcome.landed for outcome in outcomes]
    unread = [outcome for outcome in outcomes if isinstance(outcome, UnreadFile)]
    refused: dict[date, list[str]] = {}
    for file in unread:
        refused.setdefault(file.landed.day, []).append(file.reason)
    read = [outcome for outcome in outcomes if isinstance(outcome, FetchedFile)]
    files = [file for file in read if file.landed.day not in refused]
    of_run = [content for content in held if content.day >= first]
    gone = [content for content in of_run if content.key not in {file.key for file in landed}]
    moved = copies_of([file.content for file in files], gone)
    for day in {content.day for content in gone if content not in moved} - {file.day for file in landed}:
        refused[day] = [_GONE.format(day=day, zone=zone.address)]
    staying = [content for content in held if content.day < first or content.day in refused]
    original_of = originals([file.content for file in files], staying)
    return LandedFiles(
        [file for file in files if file.landed.key not in original_of],
        read_at,
        refused,
        [(file, original_of[file.landed.key]) for file in files if file.landed.key in original_of],
        unread,
        [file.landed for file in read if file.landed.day in refused],
    )


def _fetch(zone: LandingZone, file: LandedFile, scratch: Path, encoding: Encoding) -> FetchedFile | UnreadFile:
    """The file, or why it cannot be loaded."""
    name = f"{zone.address}/{file.key}"
    try:
        name.encode()
        path = zone.fetch(file, scratch).absolute()
        stamp = _stamp(path)  # before the first byte is read
        fetched = FetchedFile(file, path, inspect(path, name=name, allowed=encoding), stamp, zone.location_of(file))
        return fetched if fetched.inspection.encoding == "utf-8" else _in_utf8(fetched, scratch, name)
    except UnicodeEncodeError:
        return UnreadFile(file, f"{name!a} has a name that is not UTF-8: rename it", is_refused=True)
    except (ChangedFileError, LandingError) as error:
        return UnreadFile(file, str(error), is_refused=False)
    except RefusedFileError as error:
        return UnreadFile(file, str(error), is_refused=True)


def _in_utf8(file: FetchedFile, scratch: Path, name: str) -> FetchedFile:
    """The same over a copy in UTF-8, which both readers take from there; its digest is that of the text as delivered.

    Raises:
        LandingError: when the copy cannot be written.
        ChangedFileError: when the file changes meanwhile.
    """
    copy = scratch / f"{sha256(file.landed.key.encode()).hexdigest()}.utf-8.csv"
    try:
        with open_bytes(file.path) as text:
            copy_as_utf8(text, copy)
    except OSError as error:
        message = f"{name} cannot be copied as UTF-8 ({error}): make room in {scratch.parent}, then run again"
        raise LandingError(message) from error
    except (EOFError, zlib.error, UnicodeDecodeError) as error:  # it was read a moment ago
        raise ChangedFileError(f"{name} cannot be copied as UTF-8 ({error}): {_AGAIN}") from error
    if _stamp(file.path) != file.stamp:
        raise ChangedFileError(f"{name} changed while being read: {_AGAIN}")
    seen, delivered = inspect(copy, name=name), file.inspection
    inspection = replace(seen, digest=delivered.digest, encoding=delivered.encoding)
    return replace(file, path=copy, stamp=_stamp(copy), inspection=inspection)


def _stamp(path: Path) -> tuple[int, int]:
    """When a file was last written and its size, which stay as they are while nobody touches it."""
    try:
        stat = path.stat()
    except OSError:
        return -1, -1
    return stat.st_mtime_ns, stat.st_size
