"""Which lines of a file DuckDB would skip, or run together with the next ones, found by counting bytes."""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from rfm_assets.bronze.line_format import FIELD


class Span(NamedTuple):
    """Where a line is in the text of its file, in bytes, its line end included."""

    start: int
    end: int


def doubtful_lines(lines: bytes, *, columns: int, most: int, at: int = 0) -> Sequence[Span] | None:
    """The lines that do not split into exactly so many fields, blank ones too; None where they are more than `most`.

    `at` is where the text begins in its file. Surplus fields at the end of a line are no matter when they are empty.
    Commas are counted, which is all that most lines need; only a line with another number of them, or with a quote, is
    walked through.
    """
    import numpy as np

    text = np.frombuffer(lines, np.uint8)
    ends = np.flatnonzero(text == ord("\n")) + 1
    if not lines.endswith(b"\n"):
        ends = np.append(ends, len(lines))
    commas = np.diff(np.searchsorted(np.flatnonzero(text == ord(",")), ends), prepend=0)
    unsure = commas != columns - 1
    unsure[np.searchsorted(ends, np.flatnonzero(text == ord('"')), side="right")] = True
    chosen = np.flatnonzero(unsure)
    starts = np.concatenate(([0], ends[:-1]))[chosen].tolist()
    fits = _line_of(columns).fullmatch
    doubtful: list[Span] = []
    for start, end in zip(starts, ends[chosen].tolist(), strict=True):
        if not fits(lines[start:end].rstrip(b"\r\n")):
            if len(doubtful) == most:
                return None
            doubtful.append(Span(at + start, at + end))
    return doubtful


@cache
def _line_of(columns: int) -> re.Pattern[bytes]:
    field = f"(?:{FIELD})".encode()
    return re.compile(field + rb"(?:,%b){%d},*" % (field, columns - 1))
