"""What DuckDB alone would read wrong: set apart from the rest of its file, then read line by line, no line left out.

`take_out` sets apart the few lines of a file that do not split; `set_apart` all that are not beyond doubt, of a file
that DuckDB has misread.
"""

import csv
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from operator import not_
from pathlib import Path
from typing import BinaryIO

from rfm_assets.bronze.inspection import Inspection, open_bytes
from rfm_assets.bronze.line_format import split
from rfm_assets.contracts.bronze import SOURCE_COLUMNS

REPAIRED_COLUMNS = (*SOURCE_COLUMNS, "_rescued_data")

_PIECE = 1 << 20
_LONGEST_SOUND = 1_500_000
"""Bytes; DuckDB takes 2,000,000 in a line without being told."""


@dataclass(frozen=True)
class SetApart:
    """A file's lines in two files, both under its header: those that have one reading only, and the others."""

    sound: Path
    sound_lines: int
    doubtful: Path


@dataclass(frozen=True)
class Repaired:
    """A file written anew so that DuckDB reads it right: how many lines it has, and the longest one's bytes."""

    path: Path
    lines: int
    longest_line: int


def set_apart(source: Path, folder: Path, *, columns: int) -> SetApart:
    """Sorts the lines of a file into two, by counting bytes, a small part of the work of `repair`.

    A line is sound when it is UTF-8 without a quote, NUL or stray carriage return, and has exactly as many commas as
    its columns ask for: DuckDB and `split` can only agree on it.
    """
    apart = SetApart(folder / "sound.csv", 0, folder / "doubtful.csv")
    count = 0
    with open_bytes(source) as file, apart.sound.open("wb") as sound, apart.doubtful.open("wb") as doubtful:
        sound.write(b"\n")  # in place of the header, which readers of either file skip
        doubtful.write(b"\n")
        file.readline()
        while piece := file.read(_PIECE):
            lines = (piece + file.readline()).removesuffix(b"\n").split(b"\n")
            texts = [line.removesuffix(b"\r") for line in lines] if b"\r" in piece else lines
            is_sound = _are_sound(texts, commas=columns - 1)
            chosen = list(compress(texts, is_sound))
            count += len(chosen)
            sound.writelines([b"\n".join(chosen), b"\n"] if chosen else [])
            doubtful.writelines(line + b"\n" for line in compress(lines, map(not_, is_sound)))
    return replace(apart, sound_lines=count)


def take_out(source: Path, folder: Path, inspection: Inspection) -> SetApart:
    """Sets the doubtful lines of a plain file apart that its inspection has found, and copies the rest as it is."""
    apart = SetApart(folder / "sound.csv", inspection.lines - len(inspection.doubtful), folder / "doubtful.csv")
    with open_bytes(source) as file, apart.sound.open("wb") as sound, apart.doubtful.open("wb") as doubtful:
        doubtful.write(b"\n")
        position = 0
        for start, end in inspection.doubtful:
            _copy(file, sound, start - position)
            _copy(file, doubtful, end - start)
            position = end
        shutil.copyfileobj(file, sound)
    return apart


def _copy(source: BinaryIO, target: BinaryIO, size: int) -> None:
    """Copies so many bytes, a piece at a time."""
    target.writelines(source.read(min(_PIECE, size - start)) for start in range(0, size, _PIECE))


def _are_sound(lines: Sequence[bytes], *, commas: int) -> Sequence[bool]:
    text = b"\n".join(lines)
    if (
        b"\r" not in text and b"\0" not in text and len(text) < _LONGEST_SOUND and _is_utf8(text)
    ):  # of all lines at once
        return [line.count(b",") == commas and b'"' not in line for line in lines]
    return [
        line.count(b",") == commas
        and not any(byte in line for byte in (b'"', b"\r", b"\0"))
        and len(line) < _LONGEST_SOUND
        and _is_utf8(line)
        for line in lines
    ]


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


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
