"""Writes CSV that spreadsheets open without running anything: RFC 4180, UTF-8."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

# Characters that start a formula, or that spreadsheets skip before one.
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_ROWS_AT_ONCE = 10_000


def csv_parts(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The header and the rows, a chunk at a time, so that a million rows are never in memory at once.

    A text that a spreadsheet would run gets a leading apostrophe. Numbers and dates stay as they are, and booleans are
    `true` or `false`, as in SQL.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)  # CRLF line ends, minimal quoting
    writer.writerow(header)
    for number, row in enumerate(rows, start=1):
        writer.writerow([_harmless(cell) for cell in row])
        if number % _ROWS_AT_ONCE == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _harmless(cell: object) -> object:
    if isinstance(cell, bool):
        return str(cell).lower()
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_STARTS_FORMULA) else cell
