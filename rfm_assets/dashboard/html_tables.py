"""Tables, drawn in HTML: every number is written in them, and a browser shows them at once."""

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
"""The height of a shaded table's titles and of a line, in pixels: bars beside it have the same."""
RAW = 110
"""About how wide a column of raw lines is, in pixels."""
MANY = 6
"""A table of this many columns or more becomes cards sooner, see `table_style`."""


@dataclass(frozen=True)
class Cell:
    """A number of a table, shaded from little (0) to much (1)."""

    text: str
    shade: float | None
    hint: str = ""
    apart: bool = False
    """Whether it is told from the others without a shade too: in italics."""
    to: str = ""
    """Where it leads, if anywhere."""


@dataclass(frozen=True)
class Link:
    """A text of a table that leads somewhere; an address of `?` and more is one of the same page."""

    text: str
    to: str


Text = str | Link | None
"""What a cell says; None is missing."""
Write = Callable[[Any], str | None]
"""How a number is written."""


@dataclass(frozen=True)
class Numbers:
    """A column of numbers, which stands to the right, and how they are written."""

    values: Iterable[object]
    write: Write


@dataclass(frozen=True)
class Shaded:
    """A table of numbers, some of them shaded; of a title in two parts the second is below the first."""

    titles: Sequence[tuple[str, str]]
    lines: Sequence[tuple[str | Link, Sequence[Cell]]]


def show_shaded(table: Shaded, *, key: str, alt: str, data: Callable[[], Data], at_least: int = 0) -> None:
    """Draws a table; where its place is narrower than `at_least` pixels, it scrolls sideways under its names.

    `data` finds the numbers that its cells are written from.
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


def show_table(  # noqa: PLR0913 - what it holds, how it looks, and how it is taken away
    columns: Mapping[str, Iterable[object] | Numbers],
    *,
    alt: str,
    key: str | None = None,
    links: Mapping[str, str] | None = None,
    to: Mapping[str, Sequence[str]] = MappingProxyType({}),
    at_most: int | None = None,
    data: Callable[[], Data] | None = None,
) -> None:
    """Draws a table, each column under its title; None is told from a text.

    Titles in `links` lead to an address, and cells of the columns in `to` to the addresses there, where they are not
    empty. Where its place is narrow, each line is a card with the titles in it. With a height of `at_most` pixels it
    scrolls: down under its titles, and sideways under its first column; on a phone many columns are cards all the same.
    With a `key` its columns can be saved as CSV, or what `data` finds in their place.
    """
    numbers = {title: column.write for title, column in columns.items() if isinstance(column, Numbers)}
    held = {title: list(column.values if isinstance(column, Numbers) else column) for title, column in columns.items()}
    numeric = [" class='number'" if title in numbers else "" for title in held]
    titles = [escape(title) for title in held]
    heads = "".join(
        f"<th scope='col'{number}>{_text(Link(title, links[title]) if links and title in links else title)}</th>"
        for title, number in zip(held, numeric, strict=True)
    )
    texts = [_written(column, numbers.get(title), to.get(title, ())) for title, column in held.items()]
    lines = "".join(
        "<tr>" + "".join(map("<td{} data-title='{}'>{}</td>".format, numeric, titles, line)) + "</tr>"
        for line in zip(*texts, strict=True)
    )
    place = f"rfm-table rfm-lines' tabindex='0' style='max-height:{at_most}px" if at_most else "rfm-table"
    hint = _hint(RAW * len(held)) if at_most and len(held) >= MANY else ""
    table = f"<table class='{_look(numeric, at_most)}'><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"
    st.html(
        f"<div class='rfm-wide'>{hint}<div class='{place}' role='figure' aria-label='{escape(alt)}'>{table}</div></div>"
    )
    if key:
        offer_data(key, data or (lambda: _plain(held)))


def _hint(at_least: int) -> str:
    """Says that a table scrolls sideways, where its place is narrower than `at_least` pixels."""
    shown = f"max-height:clamp(0px,({at_least}px - 100cqi) * 999,3rem)"
    return f"<p class='rfm-hint' aria-hidden='true' style='{shown}'>↔ Scroll sideways for all columns</p>"


def _written(column: Iterable[Any], write: Write | None, to: Sequence[str]) -> list[str]:
    texts = [write(cell) if write and cell is not None and not isinstance(cell, str) else cell for cell in column]
    return [_text(Link(text, at) if at and text else text) for text, at in zip_longest(texts, to)]


def _plain(columns: Mapping[str, Iterable[object]]) -> Data:
    """What links say, and all else as it is."""
    return {
        title: [cell.text if isinstance(cell, Link) else cell for cell in column] for title, column in columns.items()
    }


def _look(numeric: Sequence[str], at_most: int | None) -> str:
    """Which tables become cards, and when: see `table_style`."""
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
