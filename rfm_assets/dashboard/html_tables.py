"""Tables in HTML, which show every number and render at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import zip_longest
from types import MappingProxyType
from typing import Any

import streamlit as st

from rfm_assets.dashboard.figure import Data, figure, offer_data
from rfm_assets.dashboard.links import anchor

TOP, LINE = 44, 34
"""The height of a shaded table's header and rows, in pixels; bars beside it line up with them."""
RAW = 110
"""The approximate width of a column of raw lines, in pixels."""
MANY = 6
"""From this many columns on, a table turns into cards sooner, see `table_style`."""


@dataclass(frozen=True)
class Cell:
    """A cell of a table, shaded from low (0) to high (1)."""

    text: str
    shade: float | None
    hint: str = ""
    apart: bool = False
    """Whether it is set apart by italics."""
    to: str = ""
    """Where it leads, if anywhere."""


@dataclass(frozen=True)
class Link:
    """A text that is a link; a URL that starts with `?` is on the same page."""

    text: str
    to: str


Text = str | Link | None
"""A cell's text; None is missing."""
Write = Callable[[Any], str | None]
"""Formats a number."""


@dataclass(frozen=True)
class Numbers:
    """A right-aligned column of numbers, with their format."""

    values: Iterable[object]
    write: Write


@dataclass(frozen=True)
class Shaded:
    """A table of numbers, some shaded; a title in two parts has the second below the first."""

    titles: Sequence[tuple[str, str]]
    lines: Sequence[tuple[str | Link, Sequence[Cell]]]


def show_shaded(table: Shaded, *, key: str, alt: str, data: Callable[[], Data], at_least: int = 0) -> None:
    """Draws a table; in less than `at_least` pixels it scrolls sideways, with its names fixed.

    `data` returns the unformatted numbers.
    """
    width = 100 / max(len(table.titles), 1)
    titles = "".join(
        f"<th scope='col' style='width:{width:.1f}%'>{escape(title)}<small>{escape(below)}</small></th>"
        for title, below in table.titles
    )
    lines = "".join(
        f"<tr><th scope='row'>{_text(name)}</th>{''.join(_cell(cell) for cell in cells)}</tr>"
        for name, cells in table.lines
    )
    with figure(key, alt, data):
        st.html(
            f"<div class='rfm-wide'>{_hint(at_least)}"
            f"<div class='rfm-shaded' tabindex='0' role='figure' aria-label='{escape(alt)}'>"
            f"<table style='min-width:{at_least}px'><thead><tr><td></td>{titles}</tr></thead>"
            f"<tbody>{lines}</tbody></table></div></div>"
        )


def show_table(  # noqa: PLR0913 - contents, look and export
    columns: Mapping[str, Iterable[object] | Numbers],
    *,
    alt: str,
    key: str | None = None,
    links: Mapping[str, str] | None = None,
    to: Mapping[str, Sequence[str]] = MappingProxyType({}),
    at_most: int | None = None,
    data: Callable[[], Data] | None = None,
) -> None:
    """Draws a table, each column under its title; None looks different from text.

    Titles in `links` are links, and so are the cells of columns in `to`, unless their URL is empty. In a narrow place
    each row becomes a card that repeats the titles. With a height of `at_most` pixels the table scrolls, with its
    titles and first column fixed; on a phone, many columns still become cards. With a `key` its columns can be saved as
    CSV, or the result of `data` instead.
    """
    numbers = {title: column.write for title, column in columns.items() if isinstance(column, Numbers)}
    held = {title: list(column.values if isinstance(column, Numbers) else column) for title, column in columns.items()}
    numeric = [" class='number'" if title in numbers else "" for title in held]
    texts = [_written(column, numbers.get(title), to.get(title, ())) for title, column in held.items()]
    table = _head(held, numeric, links or {}) + _body(held, numeric, texts)
    place = f"rfm-table rfm-lines' tabindex='0' style='max-height:{at_most}px" if at_most else "rfm-table"
    hint = _hint(RAW * len(held)) if at_most and len(held) >= MANY else ""
    st.html(
        f"<div class='rfm-wide'>{hint}<div class='{place}' role='figure' aria-label='{escape(alt)}'>"
        f"<table class='{_look(numeric, at_most)}'>{table}</table></div></div>"
    )
    if key:
        offer_data(key, data or (lambda: _plain(held)))


def _head(titles: Iterable[str], numeric: Sequence[str], links: Mapping[str, str]) -> str:
    cells = (
        f"<th scope='col'{number}>{_text(Link(title, links[title]) if title in links else title)}</th>"
        for title, number in zip(titles, numeric, strict=True)
    )
    return f"<thead><tr>{''.join(cells)}</tr></thead>"


def _body(titles: Iterable[str], numeric: Sequence[str], texts: Sequence[Sequence[str]]) -> str:
    """The rows, each cell with its column's title, which cards show."""
    escaped = [escape(title) for title in titles]
    rows = (
        "<tr>" + "".join(map("<td{} data-title='{}'>{}</td>".format, numeric, escaped, row)) + "</tr>"
        for row in zip(*texts, strict=True)
    )
    return f"<tbody>{''.join(rows)}</tbody>"


def _hint(at_least: int) -> str:
    """A hint that the table scrolls sideways, shown in less than `at_least` pixels."""
    shown = f"max-height:clamp(0px,({at_least}px - 100cqi) * 999,3rem)"
    return f"<p class='rfm-hint' aria-hidden='true' style='{shown}'>↔ Scroll sideways for all columns</p>"


def _written(column: Iterable[Any], write: Write | None, to: Sequence[str]) -> list[str]:
    texts = [write(cell) if write and cell is not None and not isinstance(cell, str) else cell for cell in column]
    return [_text(Link(text, at) if at and text else text) for text, at in zip_longest(texts, to)]


def _plain(columns: Mapping[str, Iterable[object]]) -> Data:
    """The columns with the text of links, and everything else unchanged."""
    return {
        title: [cell.text if isinstance(cell, Link) else cell for cell in column] for title, column in columns.items()
    }


def _look(numeric: Sequence[str], at_most: int | None) -> str:
    """The CSS classes that decide when a table turns into cards, see `table_style`."""
    if at_most:
        return "raw" if len(numeric) >= MANY else "few"
    texts = numeric.count("")
    return "many" if len(numeric) >= MANY else "prose" if texts > 1 else "narrow"


def _text(text: Text) -> str:
    if isinstance(text, Link) and not text.to:
        return escape(text.text)
    if isinstance(text, Link):
        return anchor(text.text, text.to)
    return "<i title='missing'>∅</i>" if text is None else escape(text)


def _cell(cell: Cell) -> str:
    look = (
        ""
        if cell.shade is None
        else f" style='background:color-mix(in srgb,var(--rfm-much) {cell.shade:.1%},var(--rfm-little))'"
    )
    apart = " class='apart'" if cell.apart else ""
    text = _text(Link(cell.text, cell.to)) if cell.to else escape(cell.text)
    return f"<td title='{escape(cell.hint)}'{apart}{look}>{text}</td>"
