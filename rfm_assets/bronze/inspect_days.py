"""Fetches and inspects the landed files of a range of days, and decides which of them are loaded."""

import weakref
import zlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

from rfm_assets.bronze.duplicates import Content, copies_of, originals
from rfm_assets.bronze.encoding import Encoding, copy_as_utf8
from rfm_assets.bronze.inspection import inspect, open_bytes
from rfm_assets.bronze.landed_files import AGAIN, FetchedFile, LandedFiles, UnreadFile, stamp_of
from rfm_assets.errors import ChangedFileError, LandingError, RefusedFileError
from rfm_assets.landing.zone import LandedFile, LandingZone
from rfm_assets.scratch import ScratchFolder

_GONE = (
    "no file of {day} is in {zone} any more: deliver it again, check RFM_LANDING, or delete the day from "
    "bronze.landed_files to have it emptied"
)
_FETCHED_AT_ONCE = 10  # more would wait for a connection of the S3 client


def inspect_days(
    zone: LandingZone, first: date, last: date, *, held: Iterable[Content] = (), encoding: Encoding = "utf-8"
) -> LandedFiles:
    """Fetches and inspects the files of the days from `first` to `last`; a day without a file has none.

    `held` are the files of all days until `last` whose lines are stored. A day with a file that cannot become bronze
    rows is skipped as a whole, and keeps its stored rows. So does a day of held files that are all gone, except where
    their text is now under another name. A file with the same text as an earlier one, stored or fetched, is not loaded.
    Files are in UTF-8, or in `encoding`.

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
    """The files to load, the days that keep their stored rows, and the duplicates."""
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
        stamp = stamp_of(path)  # before the first byte is read
        fetched = FetchedFile(file, path, inspect(path, name=name, allowed=encoding), stamp, zone.location_of(file))
        return fetched if fetched.inspection.encoding == "utf-8" else _in_utf8(fetched, scratch, name)
    except UnicodeEncodeError:
        return UnreadFile(file, f"{name!a} has a name that is not UTF-8: rename it", is_refused=True)
    except (ChangedFileError, LandingError) as error:
        return UnreadFile(file, str(error), is_refused=False)
    except RefusedFileError as error:
        return UnreadFile(file, str(error), is_refused=True)


def _in_utf8(file: FetchedFile, scratch: Path, name: str) -> FetchedFile:
    """The file, replaced by a copy in UTF-8 for both readers; its digest stays that of the delivered text.

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
    except (EOFError, zlib.error, UnicodeDecodeError) as error:  # it could be read a moment ago
        raise ChangedFileError(f"{name} cannot be copied as UTF-8 ({error}): {AGAIN}") from error
    if stamp_of(file.path) != file.stamp:
        raise ChangedFileError(f"{name} changed while being read: {AGAIN}")
    seen, delivered = inspect(copy, name=name), file.inspection
    inspection = replace(seen, digest=delivered.digest, encoding=delivered.encoding)
    return replace(file, path=copy, stamp=stamp_of(copy), inspection=inspection)
