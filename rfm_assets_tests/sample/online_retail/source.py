"""A stand-in for the source of Online Retail II: workbooks of its layout, and a web server with one file.

The workbooks are written with a library that the package itself does not use; the server breaks off, refuses requests
and ignores ranges when a test asks for it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from xlsxwriter import Workbook

from rfm_assets_tests.helpers.servers import LOOPBACK, in_a_thread

HEADER = ("Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country")
Cell = str | float | datetime | None
"""A cell that is None does not exist."""


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
    """A row in the order of the real sheets' columns; a test names only what it varies."""
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


@dataclass
class FileServer:
    """What is served and how, and the ranges requested so far."""

    url: str
    content: bytes = b""
    takes_ranges: bool = True
    says_length: bool = True
    validators: bool = True
    statuses: list[HTTPStatus] = field(default_factory=list)
    """Refusals for the next requests."""
    cuts: list[int] = field(default_factory=list)
    """The number of bytes after which each of the next answers breaks off."""
    ranges: list[str | None] = field(default_factory=list)

    @property
    def etag(self) -> str:
        """An ETag that changes with the content, as an object store's does."""
        return f'"{sha256(self.content).hexdigest()[:32]}-6"'


@contextmanager
def file_server() -> Iterator[FileServer]:
    """A server with an empty file, which a test fills."""
    server = ThreadingHTTPServer((LOOPBACK, 0), _Handler)
    files = FileServer(f"http://{LOOPBACK}:{server.server_port}/static/online+retail+ii.zip")
    server.RequestHandlerClass = type("_Handler", (_Handler,), {"files": files})
    with in_a_thread(server):
        yield files


class _Handler(BaseHTTPRequestHandler):
    files: FileServer

    def do_GET(self) -> None:
        files = self.files
        files.ranges.append(self.headers["Range"])
        if files.statuses:
            self.send_error(files.statuses.pop(0))
            return
        start = self._start()
        if start >= len(files.content) > 0:
            self.send_error(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
            return
        body = files.content[start:]
        self.send_response(HTTPStatus.PARTIAL_CONTENT if start else HTTPStatus.OK)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(files.content) - 1}/{len(files.content)}")
        if files.says_length:
            self.send_header("Content-Length", str(len(body)))
        if files.validators:
            self.send_header("ETag", files.etag)
        self.end_headers()
        self.wfile.write(body[: files.cuts.pop(0)] if files.cuts else body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def _start(self) -> int:
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers["Range"] or "")
        known = self.headers["If-Range"] in {None, self.files.etag}
        return int(asked[1]) if asked and known and self.files.takes_ranges else 0
