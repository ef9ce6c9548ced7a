"""Makes a copy, with every line as text, of a file that DuckDB cannot read as lines.

DuckDB raises on bytes that are not UTF-8 and on mixed line ends, and breaks a line at a carriage return.
"""

from collections.abc import Iterator
from pathlib import Path

from rfm_assets.bronze.inspection import open_bytes

_NUL = "\0"


def repair(source: Path, copy: Path) -> int:
    """Writes the copy and returns the bytes of its longest line. Blank lines are dropped.

    A line that is not text starts with NUL in the copy. In it, bytes that are not UTF-8 are read as Windows-1252, NUL
    is written as ␀, and a carriage return, which would break the line, as NUL.
    """
    longest = 0
    with copy.open("wb") as target:
        target.write(b"\n")  # stands for the header, which readers skip
        for line in lines_of(source):
            readable = line if _is_text(line) else _marked(line)
            longest = max(longest, len(readable))
            target.write(readable + b"\n")
    return longest


IS_TEXT = "NOT starts_with(line, chr(0))"
"""SQL: whether a line, of a file or of a repaired copy, is text."""

TEXT = f"CASE WHEN {IS_TEXT} THEN line ELSE replace(substr(line, 2), chr(0), chr(13)) END"
"""SQL: the line without the leading NUL that marks it."""


def lines_of(source: Path) -> Iterator[bytes]:
    """The lines after the header that are not blank, without line ends."""
    with open_bytes(source) as file:
        file.readline()
        for line in file:
            if line.strip():
                yield line.removesuffix(b"\n").removesuffix(b"\r")


def _is_text(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in line and b"\r" not in line


def _marked(line: bytes) -> bytes:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        text = line.decode("cp1252", errors="replace")
    return (_NUL + text.replace(_NUL, "␀").replace("\r", _NUL)).encode()
