"""Which lines of a file DuckDB would skip, or run together with the next ones, found by counting bytes."""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from rfm_assets.bronze.fields import FIELD


class Span(NamedTuple):
    """Where a line is in the text of its file, in bytes, its line end included."""

    start: int
    end: int


def doubtful_lines(lines: bytes, *, columns: int) -> Sequence[Span]:
    """The lines that do not split into exactly so many fields; blank ones too.

    Commas are counted, which is all that most lines need; only a line with a quote is walked through.
    """
    import numpy as np

    text = np.frombuffer(lines, np.uint8)
    ends = np.flatnonzero(text == ord("\n")) + 1
    if not lines.endswith(b"\n"):
        ends = np.append(ends, len(lines))
    starts = np.concatenate(([0], ends[:-1]))
    commas = np.diff(np.searchsorted(np.flatnonzero(text == ord(",")), ends), prepend=0)
    is_doubtful = commas != columns - 1
    fits = _line_of(columns).fullmatch
    for n in np.unique(np.searchsorted(ends, np.flatnonzero(text == ord('"')), side="right")):
        is_doubtful[n] = not fits(lines[starts[n] : ends[n]].rstrip(b"\r\n"))
    chosen = np.flatnonzero(is_doubtful)
    return [Span(start, end) for start, end in zip(starts[chosen].tolist(), ends[chosen].tolist(), strict=True)]


@cache
def _line_of(columns: int) -> re.Pattern[bytes]:
    field = f"(?:{FIELD})".encode()
    return re.compile(field + rb"(?:,%b){%d}" % (field, columns - 1))
