"""Splits the workbook of Online Retail II into the daily files that its shop would have delivered.

Trading days become consecutive days from a start date, without the days on which the shop was closed. The two sheets
overlap: the second starts with the last eight days of the first, line for line, so each sheet contributes only what
comes after the sheets before it.
"""

import csv
import filecmp
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from rfm_assets.errors import SettingError
from rfm_assets.sample.shop import Shop
from rfm_assets.sample.writer import LANDED_FILE

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

SHEETS = ("Year 2009-2010", "Year 2010-2011")
COLUMNS = ("Invoice", "StockCode", "Description", "Quantity", "Price", "Customer ID", "Country", "InvoiceDate")


@dataclass(frozen=True)
class SplitReport:
    """The contents of a folder split from a workbook."""

    first: date
    last: date
    files: int
    lines: int
    """Lines under the headers."""
    bytes: int


def split_workbook(  # noqa: PLR0913 - what to split, and how to write it
    workbook: Path,
    folder: Path,
    *,
    sheets: Sequence[str] = SHEETS[:1],
    start: date = Shop.start,
    overwrite: bool = False,
    on_sheet: Callable[[str], None] = lambda _name: None,
) -> SplitReport:
    """Writes a daily file, `YYYY-MM-DD_transactions.csv`, for each trading day of the sheets.

    Identical existing files stay untouched. All files are written under temporary names and renamed together at the
    end. `on_sheet` is called before each sheet is read.

    Raises:
        SettingError: when the workbook cannot be read or lacks a sheet, a column or a date, or when the folder has a
            daily file that this would not write. With `overwrite`, files with the same names are replaced and all
            others left alone.
    """
    if folder.exists() and not folder.is_dir():
        raise SettingError(f"{folder} is a file: name a folder for the daily files")
    book = _opened(workbook)
    days: dict[date, date] = {}
    lines = 0
    with closing(_Staging(folder)) as staging:
        for name in sheets:
            on_sheet(name)
            lines += _stage_sheet(_sheet(book, name, workbook), days, start, staging)
        if not days:
            raise SettingError(f"{workbook} has no sales in {' and '.join(sheets)}: check that it is the right one")
        size = staging.publish(overwrite=overwrite)
    return SplitReport(start, max(days.values()), len(days), lines, size)


class _Staging:
    """Unfinished daily files, in the folder under temporary names that no landing zone reads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts: dict[Path, Path] = {}

    def open(self, day: date) -> IO[str]:
        """Opens the day's unfinished file for appending."""
        path = self._folder / f"{day}_transactions.csv"
        mode = "a" if path in self._parts else "w"
        part = self._parts.setdefault(path, path.with_name(f".{path.name}.{os.getpid()}"))
        self._folder.mkdir(parents=True, exist_ok=True)
        return part.open(mode, encoding="utf-8", newline="")

    def publish(self, *, overwrite: bool) -> int:
        """Renames new files into place; returns the total bytes of all files."""
        there = {path for path in self._folder.rglob("*") if LANDED_FILE.fullmatch(path.name)}
        same = {path for path in there & self._parts.keys() if filecmp.cmp(path, self._parts[path], shallow=False)}
        if not overwrite and (strangers := there - same):
            message = (
                f"{self._folder} already holds {min(strangers).relative_to(self._folder)}, which is not what this "
                "workbook gives there: name an empty folder, or allow overwriting"
            )
            raise SettingError(message)
        for path in self._parts.keys() - same:
            self._parts[path].replace(path)
        return sum(path.stat().st_size for path in self._parts)

    def close(self) -> None:
        """Removes unpublished files."""
        for part in self._parts.values():
            part.unlink(missing_ok=True)


def _opened(workbook: Path) -> "CalamineWorkbook":
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return CalamineWorkbook.from_path(workbook)
    except (CalamineError, OSError) as error:
        message = f"cannot read {workbook} as a workbook: {error}: name the .xlsx file of `rfm fetch-online-retail`"
        raise SettingError(message) from error


def _sheet(book: "CalamineWorkbook", name: str, workbook: Path) -> "CalamineSheet":
    from python_calamine import CalamineError

    if name not in book.sheet_names:
        raise SettingError(f"{workbook} has no sheet {name}: its sheets are {', '.join(book.sheet_names)}")
    try:
        return book.get_sheet_by_name(name)
    except CalamineError as error:
        raise SettingError(f"cannot read the sheet {name} of {workbook}: {error}: fetch it again") from error


def _stage_sheet(sheet: "CalamineSheet", days: dict[date, date], start: date, staging: _Staging) -> int:
    """Assigns each trading day after those in `days` its day, and writes its lines; returns the number of lines."""
    last = max(days, default=date.min)
    trading_days = sorted({traded for traded, _ in _sales(sheet) if traded > last})
    days |= {traded: start + timedelta(n) for n, traded in enumerate(trading_days, start=len(days))}
    lines = 0
    new_sales = (sale for sale in _sales(sheet) if sale[0] > last)
    for traded, sales in groupby(new_sales, key=itemgetter(0)):  # a day's rows are adjacent, so each file opens once
        with staging.open(days[traded]) as file:
            writer = csv.writer(file, lineterminator="\n")
            if not file.tell():
                writer.writerow(COLUMNS)
            for _, cells in sales:
                writer.writerow(_line(cells, days[traded]))
                lines += 1
    return lines


def _sales(sheet: "CalamineSheet") -> Iterator[tuple[date, Sequence[Any]]]:
    """The trading day of each non-empty row, and its cells in the column order of daily files."""
    rows = sheet.iter_rows()
    header: list[Any] = next(rows, [])
    if missing := [column for column in COLUMNS if column not in header]:
        raise SettingError(f"the sheet {sheet.name} has no column {', '.join(missing)}: check that it is the right one")
    in_order = itemgetter(*map(header.index, COLUMNS))
    for number, row in enumerate(rows, start=2):
        *cells, traded = in_order(row)
        if isinstance(traded, date):
            yield traded.date() if isinstance(traded, datetime) else traded, cells
        elif any(cell != "" for cell in row):
            message = f"row {number} of the sheet {sheet.name} has no date in InvoiceDate but {traded!r}: correct it"
            raise SettingError(message)


def _line(cells: Sequence[Any], day: date) -> Iterable[Any]:
    """A line's fields: prices and customers as floats, as in daily files, other whole numbers without `.0`."""
    invoice, stock_code, description, quantity, price, customer, country = cells
    return _plain(invoice), _plain(stock_code), _plain(description), _plain(quantity), price, customer, country, day


def _plain(cell: Any) -> Any:  # noqa: ANN401 - a cell may hold anything
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell
