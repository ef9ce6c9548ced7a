"""Inspects a landed file: its header, its number of lines, and whether DuckDB can read them."""

import csv
import gzip
import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from rfm_assets.bronze.encoding import Encoding, Guess
from rfm_assets.contracts.bronze import OPTIONAL_SOURCE_COLUMNS, SOURCE_COLUMNS
from rfm_assets.errors import LandingError, RefusedFileError

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
LONGEST_LINE = 64 << 20
_PIECE = 1 << 20
_LONGEST_HEADER = 1 << 16


@dataclass(frozen=True)
class Inspection:
    """A file's header names in order, lines after the header (blank ones too), and SHA-256 of its text."""

    header: tuple[str, ...]
    lines: int
    digest: str
    encoding: Encoding
    is_readable: bool
    """Whether DuckDB can read its lines as they are: UTF-8, without NUL, with one kind of line end."""
    longest_line: int
    """In bytes, an upper bound."""
    size: int
    """Bytes of its text, unpacked."""


def open_bytes(path: Path) -> BinaryIO:
    """The file's text as bytes, unpacked where its name ends in .gz."""
    return cast("BinaryIO", gzip.open(path, "rb")) if path.suffix.lower() == ".gz" else path.open("rb")


def inspect(path: Path, *, name: str, allowed: Encoding = "utf-8") -> Inspection:
    """Reads the file once. `allowed` is the encoding accepted besides UTF-8.

    Raises:
        RefusedFileError: when no line of it could be trusted: empty, not text, a column missing, a broken archive,
            another encoding.
    """
    with _refusals(name), open_bytes(path) as file:
        first = file.readline(_LONGEST_HEADER)
        header = _header(first.removeprefix(BYTE_ORDER_MARK), name=name)
        body = _read(file, first, name=name)
    if not body.has_content:
        message = (
            f"{name} has a header but no lines: if nothing was sold that day remove the file (a day without a file is "
            "stored as an empty day), else deliver it again"
        )
        raise RefusedFileError(message)
    encoding = body.guess.encoding
    if encoding not in {"utf-8", allowed}:
        message = (
            f"{name} is not UTF-8, but reads as Windows-1252: save it as UTF-8, or set RFM_ENCODING={encoding} to have "
            "such files read"
        )
        raise RefusedFileError(message)
    if encoding == "utf-8":
        _must_be_utf8(first, name=name)
    digest = body.digest.hexdigest()
    return Inspection(header, body.lines, digest, encoding, body.is_readable, body.longest_piece, body.size)


@contextmanager
def _refusals(name: str) -> Iterator[None]:
    """Turns read errors into advice: deliver the file again, or try once more."""
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise RefusedFileError(f"{name} is not a whole gzip file ({error}): deliver it again") from error
    except PermissionError as error:
        raise RefusedFileError(f"{name} cannot be read ({error}): let this user read it") from error
    except OSError as error:
        raise LandingError(f"{name} cannot be read ({error}): run again; if it stays so, deliver it again") from error


def _read(file: BinaryIO, header: bytes, *, name: str) -> "_Body":
    """Reads the lines after the header.

    Raises:
        RefusedFileError: when one is longer than any line of a table.
    """
    body = _Body(header)
    while piece := file.read(_PIECE):
        rest = file.readline(LONGEST_LINE)
        if len(rest) == LONGEST_LINE:
            number = body.lines + piece.count(b"\n") + 2
            message = f"line {number} of {name} is longer than {LONGEST_LINE >> 20} MiB: deliver the file again"
            raise RefusedFileError(message)
        body.add(piece + rest)
    return body


class _Body:
    """Collects counts while a file is read in pieces of whole lines."""

    def __init__(self, header: bytes) -> None:
        self.digest = hashlib.sha256()
        self.guess = Guess()
        self.size = self.longest_piece = 0
        self._feeds = self._returns = self._ends = 0
        self._has_nul = self.has_content = False
        self._last = b""
        self._count(header)

    def add(self, piece: bytes) -> None:
        self.has_content = self.has_content or not piece.isspace()
        self._count(piece)

    def _count(self, piece: bytes) -> None:
        self.digest.update(piece)
        self.guess.add(piece)
        self.size += len(piece)
        self.longest_piece = max(self.longest_piece, len(piece))
        self._feeds += piece.count(b"\n")
        if b"\r" in piece:
            self._returns += piece.count(b"\r")
            self._ends += piece.count(b"\r\n")
        self._has_nul = self._has_nul or b"\0" in piece
        self._last = piece[-1:]

    @property
    def lines(self) -> int:
        """Lines after the header, the last one with or without a line end."""
        return self._feeds - 1 + (self._last != b"\n")

    @property
    def is_readable(self) -> bool:
        has_one_line_end = not self._returns or self._returns == self._ends == self._feeds
        return self.guess.is_utf8 and has_one_line_end and not self._has_nul


def _header(line: bytes, *, name: str) -> tuple[str, ...]:
    if not line.strip():
        raise RefusedFileError(f"{name} is empty or starts with a blank line: deliver it again, its header first")
    if len(line) == _LONGEST_HEADER or b"\0" in line:
        message = (
            f"{name} has no readable header (its first line holds NUL, as UTF-16 does, or is longer than "
            f"{_LONGEST_HEADER >> 10} KiB): save it as UTF-8 text, separated by commas"
        )
        raise RefusedFileError(message)
    try:
        text = _text_of(line).rstrip("\r\n")
        columns = tuple(column.strip() for column in next(csv.reader([text], strict=True, skipinitialspace=True)))
    except csv.Error as error:
        message = f"{name} has no readable header ({error}): save it as UTF-8 text, separated by commas"
        raise RefusedFileError(message) from error
    missing = [column for column in SOURCE_COLUMNS if column not in columns]
    if missing:
        raise RefusedFileError(f"{name} lacks the column {', '.join(missing)}: {_way_out(text)}")
    used = {*SOURCE_COLUMNS, *OPTIONAL_SOURCE_COLUMNS}
    repeated = sorted({column for column in columns if column in used and columns.count(column) > 1})
    if repeated:
        raise RefusedFileError(f"{name} has the column {', '.join(repeated)} twice: keep one of each")
    return columns


def _text_of(line: bytes) -> str:
    """A header as text, before the file's encoding is known."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def _must_be_utf8(header: bytes, *, name: str) -> None:
    try:
        header.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"{name} has no readable header ({error}): save it as UTF-8 text, separated by commas"
        raise RefusedFileError(message) from error


def _way_out(header: str) -> str:
    for separator, called in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if header.count(separator) >= len(SOURCE_COLUMNS) - 1:
            return f"its fields are separated by {called}; separate them by commas"
    return f"its first line must be {','.join(SOURCE_COLUMNS)} in any order, but is {header[:200]}"
