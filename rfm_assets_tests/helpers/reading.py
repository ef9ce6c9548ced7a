"""Daily files as bronze reads them, and a second implementation of that reading, as simple as possible."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

import duckdb

from rfm_assets.bronze.duplicates import Content
from rfm_assets.bronze.encoding import Encoding
from rfm_assets.bronze.inspect_days import inspect_days
from rfm_assets.bronze.landed_files import LandedFiles
from rfm_assets.contracts.bronze import OPTIONAL_SOURCE_COLUMNS, SOURCE_COLUMNS, TRANSACTIONS
from rfm_assets.landing.folder import FolderLandingZone
from rfm_assets.landing.zone import LandingZone
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.duckdb.write import clear

Row = tuple[str | None, ...]

TEXT_COLUMNS = (*SOURCE_COLUMNS.values(), *OPTIONAL_SOURCE_COLUMNS, "_rescued_data", "source_file")
"""The columns of a row, except when and for which day it was read."""

_COLUMNS_OF_A_FILE = (*SOURCE_COLUMNS, *OPTIONAL_SOURCE_COLUMNS)


def fetch_days(
    zone: LandingZone, first: date, last: date, *, held: Iterable[Content] = (), encoding: Encoding = "utf-8"
) -> LandedFiles:
    """The files that `inspect_days` finds, if there are any to load.

    Raises:
        RefusedFileError: when no day with a file can be loaded, see `LandedFiles.must_load_a_day`.
        LandingError: when that is not the files' fault, or the zone cannot be listed.
    """
    files = inspect_days(zone, first, last, held=held, encoding=encoding)
    files.must_load_a_day()
    return files


def stored_from(shop: Path) -> Counter[Row]:
    """The rows that bronze makes of all files landed in a shop, as texts, each with its count."""
    files = landed(shop)
    days = [file.landed.day for file in files.files]
    connection = _scratch_warehouse()
    connection.begin()
    try:
        slice_ = Days(TRANSACTIONS, min(days), max(days))
        clear(connection, slice_)
        files.load(connection, slice_)
        found = connection.execute(f"SELECT {', '.join(TEXT_COLUMNS)} FROM {TRANSACTIONS.address}").fetchall()
    finally:
        connection.rollback()
    return Counter(found)


@cache
def _scratch_warehouse() -> duckdb.DuckDBPyConnection:
    """A warehouse in memory, made once because that takes longer than reading a file."""
    return duckdb.connect(config={"threads": 1})


def landed(shop: Path) -> LandedFiles:
    """All files landed in a shop, fetched and inspected."""
    zone = FolderLandingZone(folder=str(shop / "landing"))
    days = [file.day for file in zone.survey().files]
    return fetch_days(zone, min(days), max(days))


def expected_from(files: Mapping[str, bytes]) -> Counter[Row]:
    """The rows expected of files with these bytes, by key; of files with the same bytes, only the first counts."""
    first: dict[bytes, str] = {}
    for key in sorted(files, key=lambda key: (Path(key).name[:10], key)):
        first.setdefault(files[key], key)
    return Counter(row for content, key in first.items() for row in _rows_of(key, content))


def _rows_of(key: str, content: bytes) -> Iterator[Row]:
    header, *lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    columns = header.decode().rstrip("\r").split(",")
    for line in lines:
        if line.strip():
            yield (*_texts(line.removesuffix(b"\r"), columns), key)


def _texts(line: bytes, columns: Sequence[str]) -> Row:
    """The source columns in the warehouse's order, or else only the rescued line, as a person reads it."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return (*[None] * len(_COLUMNS_OF_A_FILE), line.decode("cp1252", errors="replace").replace("\0", "␀"))
    fields = None if "\0" in text or "\r" in text else fields_of(text)
    if fields is None or len(fields) < len(columns) or any(fields[len(columns) :]):
        return (*[None] * len(_COLUMNS_OF_A_FILE), text.replace("\0", "␀"))
    by_name = dict(zip(columns, fields, strict=False))
    return (*(by_name.get(column) or None for column in _COLUMNS_OF_A_FILE), None)


def fields_of(text: str) -> list[str] | None:
    """Splits a line by walking over its characters; None if a closing quote is missing or followed by text."""
    fields, at = [], 0
    while True:
        if text[at : at + 1] == '"':
            end = _closing_quote(text, at)
            if end is None:
                return None
            fields.append(text[at + 1 : end].replace('""', '"'))
            at = end + 1
            while text[at : at + 1] == " ":
                at += 1
        else:
            end = text.find(",", at)
            end = len(text) if end < 0 else end
            fields.append(text[at:end])
            at = end
        if at == len(text):
            return fields
        if text[at] != ",":
            return None
        at += 1


def _closing_quote(text: str, opening: int) -> int | None:
    at = opening + 1
    while at < len(text):
        if text[at] != '"':
            at += 1
        elif text[at + 1 : at + 2] == '"':
            at += 2
        else:
            return at
    return None
