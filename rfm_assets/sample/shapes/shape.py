"""A shape: the files of a system's export, and how orders are written to them."""

import csv
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TextIO, TypeAlias

from rfm_assets.errors import SettingError
from rfm_assets.sample.shapes.orders import Order, State

Row: TypeAlias = Mapping[str, str]
"""A record by column; missing columns are blank."""


def no_rows(_order: Order) -> Iterable[Row]:
    """No rows, for a shape without traps."""
    return ()


@dataclass(frozen=True)
class Sheet:
    """One file of an export: its name, its header, and the records of an order."""

    file: str
    header: tuple[str, ...]
    rows: Callable[[Order], Iterable[Row]]
    traps: Callable[[Order], Iterable[Row]] = no_rows
    """Records that this system writes along with an order, none of them a sale."""


@dataclass(frozen=True)
class Shape:
    """The export format of one system, for the sample."""

    name: str
    sheets: tuple[Sheet, ...]
    number: Callable[[Order], str]
    """The order's number in the export."""
    customer: Callable[[Order], str]
    """The customer's identity, blank for a guest; e-mail addresses ignore case."""
    states: Mapping[State, str] = field(default_factory=dict)
    """This system's word for each state; orders in other states are not in its exports."""
    grain: Literal["line", "order"] = "line"
    amount: Literal["goods", "total"] = "goods"
    """The amount of the order's only line, if the grain is the order."""
    refunds: Literal["dated", "undated", "none"] = "dated"
    """Whether the export dates refunds."""
    return_number: Callable[[Order], str] | None = None
    """The number of a refund, if it has its own."""
    delimiter: str = ","
    encoding: str = "utf-8"
    quoting: Literal[0, 1, 2, 3] = csv.QUOTE_MINIMAL
    line_end: str = "\n"

    def shows(self, order: Order) -> bool:
        """Whether this system's exports contain the order."""
        return order.state is State.PAID or order.state in self.states

    def write(
        self, orders: Iterable[Order], folder: Path, *, clean: bool = False, prefix: str = "", overwrite: bool = True
    ) -> list[Path]:
        """Writes the export of orders into a folder; without `clean`, with this shape's traps.

        Files are written atomically. `prefix` starts each file's name.

        Raises:
            SettingError: when a file exists and `overwrite` is off, before anything is written.
        """
        paths = [folder / f"{prefix}{sheet.file}" for sheet in self.sheets]
        for path in paths:
            if path.exists() and not overwrite:
                raise SettingError(f"{path} already exists: name another folder, or allow overwriting")
        folder.mkdir(parents=True, exist_ok=True)
        besides = [path.with_name(f".{path.name}.{os.getpid()}") for path in paths]
        try:
            with ExitStack() as stack:
                files = [stack.enter_context(path.open("w", encoding=self.encoding, newline="")) for path in besides]
                self._fill(files, orders, clean=clean)
            for beside, path in zip(besides, paths, strict=True):
                beside.replace(path)
        finally:
            for beside in besides:
                beside.unlink(missing_ok=True)
        return paths

    def _fill(self, files: Sequence[TextIO], orders: Iterable[Order], *, clean: bool) -> None:
        writers = [self._writer(file, sheet) for file, sheet in zip(files, self.sheets, strict=True)]
        for writer in writers:
            writer.writeheader()
        for order in orders:
            for sheet, writer in zip(self.sheets, writers, strict=True) if self.shows(order) else ():
                writer.writerows(sheet.rows(order))
                if not clean:
                    writer.writerows(sheet.traps(order))

    def _writer(self, file: TextIO, sheet: Sheet) -> "csv.DictWriter[str]":
        return csv.DictWriter(
            file,
            sheet.header,
            restval="",
            delimiter=self.delimiter,
            quoting=self.quoting,
            quotechar=None if self.quoting == csv.QUOTE_NONE else '"',
            lineterminator=self.line_end,
        )
