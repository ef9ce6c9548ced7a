"""Writes workbooks in the shape of Online Retail II, by a writer that the package itself does not use."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from xlsxwriter import Workbook

HEADER = ("Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country")
Cell = str | float | datetime | None
"""A cell that is None is not there at all."""


def sale(  # noqa: PLR0913 - the columns of a sheet
    invoice_date: Cell,
    *,
    invoice: Cell = 489434,
    stock_code: Cell = 85048,
    description: Cell = "LIGHTS",
    quantity: Cell = 12,
    price: Cell = 6.95,
    customer: Cell = 13085,
    country: Cell = "United Kingdom",
) -> Sequence[Cell]:
    """A row in the order of the real sheets' columns; a test names what it is about."""
    return invoice, stock_code, description, quantity, invoice_date, price, customer, country


def write_workbook(path: Path, sheets: Mapping[str, Iterable[Sequence[Cell]]], header: Sequence[str] = HEADER) -> Path:
    """Writes each sheet with the header above its rows; returns the path."""
    with Workbook(path, {"default_date_format": "d/m/yyyy hh:mm"}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            sheet.write_row(0, 0, header)
            for number, cells in enumerate(rows, start=1):
                for column, cell in enumerate(cells):
                    if isinstance(cell, str):
                        sheet.write_string(number, column, cell)
                    elif isinstance(cell, datetime):
                        sheet.write_datetime(number, column, cell)
                    elif cell is not None:
                        sheet.write_number(number, column, cell)
    return path
