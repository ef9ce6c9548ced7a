"""Finds a table's header, and the delimiter of its cells."""

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from rfm_assets.delivered import BLANKS
from rfm_assets.errors import ExportError
from rfm_assets.exports.profile import File
from rfm_assets.exports.unpacked import TextTable

_DELIMITERS = (",", ";", "\t", "|")
_LOOKED_AT = 50
_LONGEST_LINE = 1 << 20


@dataclass(frozen=True)
class Header:
    """The headers of a table, its delimiter, and the number of lines above the first record."""

    names: Sequence[str]
    delimiter: str
    lines_above: int


def key_of(header: str) -> str:
    """A header for comparison: trimmed and casefolded."""
    return header.strip(BLANKS).casefold()


@lru_cache(maxsize=1 << 14)
def plain(header: str) -> str:
    """A header without case, accents, blanks, signs, and brackets at its end."""
    header = re.sub(r"\s*[(\[][^)\]]*[)\]]\s*$", "", header) or header
    letters = unicodedata.normalize("NFKD", header.replace("ß", "ss").replace("#", "no").replace("№", "no")).casefold()
    return re.sub(r"[\W_]|[\u0300-\u036f]", "", letters.replace("ł", "l").replace("ø", "o"))


def find_header(table: TextTable, file: File, known: Collection[str]) -> Header:
    """The header of a table; `known` are the keys, or plain forms, of headers that it may have, if known.

    Raises:
        ExportError: when there is nothing to read.
    """
    with table.path.open(encoding="utf-8", newline="") as text:
        lines = [
            line[:_LONGEST_LINE] for line in islice(iter(lambda: text.readline(_LONGEST_LINE), ""), 4 * _LOOKED_AT)
        ]
    if not any(line.strip(BLANKS + "\r\n") for line in lines):
        raise ExportError(f"{table.name} is empty: export it again")
    delimiters = (file.delimiter,) if file.delimiter else _DELIMITERS
    parsed = {delimiter: _rows(lines, delimiter) for delimiter in delimiters}
    if file.header:
        width = len(file.header)
        fitting = [d for d, rows in parsed.items() if rows and len(rows[0][1]) == width]
        if not fitting:
            found = max(len(rows[0][1]) for rows in parsed.values() if rows)
            raise ExportError(f"{table.name} has {found} columns, and the profile's `header` names {width}")
        return Header(list(file.header), fitting[0], file.skip_rows or 0)
    best = max(parsed.items(), key=lambda one: _score(one[1], known))
    return _header_in(best[1], best[0], file.skip_rows, known)


def _rows(lines: Sequence[str], delimiter: str) -> list[tuple[int, list[str]]]:
    """The first records, each with the number of lines up to its end."""
    if delimiter == " ":
        return [(number + 1, line.split()) for number, line in enumerate(lines) if line.strip()]
    reader = csv.reader(lines, delimiter=delimiter)
    rows: list[tuple[int, list[str]]] = []
    with suppress(csv.Error):  # a cell that never ends: reading the whole file reports that
        rows.extend(
            (reader.line_num, row) for row in islice(reader, _LOOKED_AT) if any(cell.strip(BLANKS) for cell in row)
        )
    return rows


def _score(rows: Iterable[tuple[int, Sequence[str]]], known: Collection[str]) -> tuple[int, float, int]:
    """How well a delimiter fits, by known headers, then rows of equal width, then width."""
    widths = Counter(len(row) for _, row in rows)
    if not widths:
        return (0, 0.0, 0)
    width, alike = max(widths.items(), key=lambda one: (one[1], one[0]))
    matches = max(_matches(row, known) for _, row in rows)
    return (matches, alike / widths.total() if width > 1 else 0.0, width)


def _matches(row: Sequence[str], known: Collection[str]) -> int:
    return sum(key_of(cell) in known or plain(cell) in known for cell in row)


def _header_in(
    rows: Sequence[tuple[int, list[str]]], delimiter: str, skip_rows: int | None, known: Collection[str]
) -> Header:
    if skip_rows is not None:
        rows = [one for one in rows if one[0] > skip_rows] or rows
        chosen = rows[0]
    elif known and (most := max(_matches(row, known) for _, row in rows)) > 1:
        chosen = next(one for one in rows if _matches(one[1], known) == most)
    else:
        width = Counter(len(row) for _, row in rows).most_common(1)[0][0]
        chosen = next(one for one in rows if len(one[1]) == width)
    return Header([cell.strip(BLANKS) for cell in chosen[1]], delimiter, chosen[0])
