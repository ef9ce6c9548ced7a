"""Unpacks an export file: one table of text, or those of an archive or a workbook, each as UTF-8 text."""

import csv
import gzip
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from rfm_assets.errors import ExportError
from rfm_assets.exports.encoding import as_utf8, encoding_of

TEXT = (".csv", ".tsv", ".tab", ".txt", ".dat")
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
READ = (*TEXT, *WORKBOOKS, ".gz", ".zip")
_PACKED = (b"\x1f\x8b", b"PK\x03\x04")
_BEGINNING = 1 << 18
_EXACT = 1e15  # larger numbers have lost digits
_OTHER_KINDS = {b"%PDF": "a PDF", b"PAR1": "Parquet", b"SQLi": "a database", b"\x89PNG": "a picture", b"{\\rt": "RTF"}


@dataclass(frozen=True)
class TextTable:
    """A table of text; `name` is the name to show, `encoding` the original encoding."""

    name: str
    path: Path
    encoding: str


def unpack(path: Path, name: str, declared: str | None, scratch: Path) -> list[TextTable]:
    """The tables in an export file, in order; copies are written below `scratch`.

    Raises:
        ExportError: when it cannot be read, or contains no table.
    """
    try:
        return list(_tables(path, name, declared, scratch))
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise ExportError(f"{name} cannot be unpacked: {error}; export or copy it again") from None


def beginning(path: Path, scratch: Path) -> Path:
    """A file with the headers: the file itself, or a copy of the first lines of a large text file."""
    with path.open("rb") as file:
        start = file.read(_BEGINNING)
        if not file.read(1) or start.startswith(_PACKED) or path.suffix.lower() in WORKBOOKS:
            return path
    whole = start if b"\0" in start else start[: start.rfind(b"\n") + 1] or start
    copy = _new(scratch)
    copy.write_bytes(whole)
    return copy


def _tables(path: Path, name: str, declared: str | None, scratch: Path) -> Iterator[TextTable]:
    suffix = PurePosixPath(name.lower()).suffix
    with path.open("rb") as file:
        start = file.read(4)
    if start[:2] == b"\x1f\x8b":
        inner = _new(scratch)
        with gzip.open(path) as packed, inner.open("wb") as copy:
            shutil.copyfileobj(packed, copy)
        yield from _tables(inner, name.removesuffix(".gz").removesuffix(".GZ"), declared, scratch)
    elif suffix in WORKBOOKS:
        yield from _sheets(path, name, scratch)
    elif start == b"PK\x03\x04":
        yield from _members(path, name, declared, scratch)
    elif start in _OTHER_KINDS:
        raise ExportError(f"{name} is {_OTHER_KINDS[start]}: export a table of text (.csv, .tsv) or a workbook (.xlsx)")
    else:
        encoding = encoding_of(path, declared, name)
        yield TextTable(name, as_utf8(path, encoding, _new(scratch)), encoding)


def _members(path: Path, name: str, declared: str | None, scratch: Path) -> Iterator[TextTable]:
    found = False
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            inside = PurePosixPath(member.filename)
            hidden = inside.name.startswith(".") or "__MACOSX" in inside.parts
            if member.is_dir() or hidden or inside.suffix.lower() not in READ:
                continue
            if member.flag_bits & 1:
                raise ExportError(f"{name} is locked with a password: unpack it first")
            copy = _new(scratch)
            with archive.open(member) as packed, copy.open("wb") as target:
                shutil.copyfileobj(packed, target)
            found = True
            yield from _tables(copy, f"{name}/{member.filename}", declared, scratch)
    if not found:
        raise ExportError(f"{name} contains no table, that is, no file ending in {', '.join(READ)}")


def _sheets(path: Path, name: str, scratch: Path) -> Iterator[TextTable]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        with CalamineWorkbook.from_path(path) as workbook:
            for sheet_name in workbook.sheet_names:
                copy = _new(scratch)
                with copy.open("w", encoding="utf-8", newline="") as file:
                    writer = csv.writer(file, lineterminator="\n")
                    rows = 0
                    for row in workbook.get_sheet_by_name(sheet_name).iter_rows():
                        writer.writerow([_written(cell) for cell in row])
                        rows += 1
                if rows:
                    yield TextTable(f"{name}/{sheet_name}", copy, "workbook")
    except PasswordError:
        raise ExportError(f"{name} is locked with a password: save it without one") from None
    except CalamineError as error:
        raise ExportError(f"{name} is not a readable workbook: {error}; save it as .xlsx or .csv") from None


def _written(cell: object) -> str:
    """A cell of a workbook as text: whole numbers without decimals, dates as YYYY-MM-DD."""
    match cell:
        case bool():
            return str(cell).lower()
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT else repr(cell)
        case datetime():
            return cell.isoformat(sep=" ", timespec="seconds")
        case _:
            return str(cell)


def _new(scratch: Path) -> Path:
    """An unused name in the scratch folder."""
    return scratch / f"{sum(1 for _ in scratch.iterdir())}.part"
