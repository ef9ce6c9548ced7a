"""The careful reading of a file that DuckDB alone would read wrong: line by line, every line accounted for."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rfm_assets.bronze.inspection import open_bytes
from rfm_assets.contracts.bronze import SOURCE_COLUMNS

REPAIRED_COLUMNS = (*SOURCE_COLUMNS, "_rescued_data")

# A field quoted from its first character on (spaces after the closing quote are ignored), or one taken as it is.
# It never looks back (the `+` after a repeat), or a long line would cost gigabytes. Java reads it the same way.
FIELD = r'"((?:[^"]++|"")*+)" *+(?=,|$)|([^",][^,]*+|)(?=,|$)'
_FIELD = re.compile(FIELD)


@dataclass(frozen=True)
class Repaired:
    """A file written anew so that DuckDB reads it right: how many lines it has, and the longest one's bytes."""

    path: Path
    lines: int
    longest_line: int


def repair(source: Path, target: Path, *, header: Sequence[str]) -> Repaired:
    """Writes `target` with the columns of REPAIRED_COLUMNS: well-formed lines split, the others whole as rescued.

    Blank lines are no records. Bytes that are not UTF-8 are shown as Windows-1252 in the rescued line, NUL as ␀.
    """
    positions = [header.index(column) for column in SOURCE_COLUMNS]
    lines = longest = 0
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(REPAIRED_COLUMNS)
        for line in lines_of(source):
            lines += 1
            longest = max(longest, len(line))
            fields = split(line, columns=len(header))
            if fields is None:
                writer.writerow([*[""] * len(positions), _readable(line)])
            else:
                writer.writerow([*(fields[position] for position in positions), ""])
    return Repaired(target, lines, longest)


def split(line: bytes, *, columns: int) -> list[str] | None:
    """The fields of a well-formed line, else None. Surplus fields at its end are ignored when they are all empty."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if "\0" in text or "\r" in text:
        return None
    fields = _quoted_fields(text) if '"' in text else text.split(",")
    if fields is None or len(fields) < columns or any(fields[columns:]):
        return None
    return fields[:columns]


def _quoted_fields(text: str) -> list[str] | None:
    """The fields of a line some of which are quoted; None where the quotes do not fit."""
    fields, position = [], -1
    while position < len(text):
        match = _FIELD.match(text, position + 1)
        if match is None:
            return None
        quoted, plain = match.groups()
        fields.append(plain if quoted is None else quoted.replace('""', '"'))
        position = match.end()
    return fields


def lines_of(source: Path) -> Iterator[bytes]:
    """The lines after the header that are not blank, without their ends."""
    with open_bytes(source) as file:
        file.readline()
        for line in file:
            if line.strip():
                yield line.removesuffix(b"\n").removesuffix(b"\r")


def _readable(line: bytes) -> str:
    """A line as text, whatever its bytes are."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        text = line.decode("cp1252", errors="replace")
    return text.replace("\0", "␀")
