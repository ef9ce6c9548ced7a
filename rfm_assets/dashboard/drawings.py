"""Bars and tables, drawn in HTML.

Every number is written in them, and a browser shows them at once.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from rfm_assets.dashboard.charts import GRID, INK, MUTED

LITTLE, MUCH = "#f7fafd", "#6aa6dc"
"""A scale for shaded tables; INK is readable on all of it."""
TOP, LINE = 44, 34
"""The height of a shaded table's titles and of a line, in pixels: bars beside it have the same."""

STYLE = f"""<style>
.rfm-bars {{display: grid; grid-template-columns: fit-content(50%) 1fr; column-gap: 0.6rem; align-items: center;
  grid-auto-rows: minmax({LINE}px, auto); font-size: 0.87rem; color: {INK}}}
.rfm-bars > span {{text-align: right; line-height: 1.25; padding: 0.2rem 0}}
.rfm-bars small {{display: block; color: {MUTED}}}
.rfm-bars > div {{display: flex; align-items: center; gap: 0.4rem; white-space: nowrap; border-left: 1px solid {GRID};
  height: 100%}}
.rfm-bars i {{height: {LINE - 9}px}}
.rfm-shaded {{overflow-x: auto}}
.rfm-shaded table {{width: 100%; border-spacing: 0; font-size: 0.87rem; color: {INK}}}
.rfm-shaded th {{font-weight: normal; line-height: 1.2; padding: 0 0.5rem; background: white}}
.rfm-shaded thead th {{height: {TOP}px; vertical-align: bottom; padding: 0 0.2rem 0.3rem}}
.rfm-shaded th:first-child {{text-align: right; white-space: nowrap; width: 1%; position: sticky; left: 0}}
.rfm-shaded small {{display: block; color: {MUTED}; font-size: inherit}}
.rfm-shaded td {{height: {LINE}px; text-align: center; box-shadow: inset 0 0 0 1px white}}
.rfm-table {{overflow: auto}}
.rfm-table table {{width: 100%; border-spacing: 0; font-size: 0.87rem; color: {INK}}}
.rfm-lines table {{width: max-content}}
.rfm-table th, .rfm-table td {{padding: 0.45rem 0.8rem; text-align: left; vertical-align: top;
  border-bottom: 1px solid {GRID}; max-width: 40rem; overflow-wrap: break-word}}
.rfm-table th {{font-weight: normal; color: {MUTED}; position: sticky; top: 0; z-index: 1; background: white}}
.rfm-table tr > :first-child {{white-space: nowrap; position: sticky; left: 0; background: white}}
.rfm-table th:first-child {{z-index: 2}}
.rfm-table i {{color: {MUTED}}}
.rfm-lines td {{white-space: pre-wrap}}
.rfm-table .number {{white-space: nowrap; text-align: right; font-variant-numeric: tabular-nums}}
@media (max-width: 640px) {{.rfm-bars {{padding-top: 0 !important}}
  .rfm-table table {{width: max-content; min-width: 100%}} .rfm-table td {{max-width: 20rem}}}}
</style>"""


@dataclass(frozen=True)
class Bar:
    """A number with its name before it and its label behind it."""

    name: str
    number: float
    label: str
    colour: str
    hint: str = ""
    """What the name stands for, where it is short."""
    below: str = ""
    """Under the name, in small letters."""


@dataclass(frozen=True)
class Cell:
    """A number of a table, shaded from little (0) to much (1)."""

    text: str
    shade: float | None
    hint: str = ""


@dataclass(frozen=True)
class Shaded:
    """A table of numbers, some of them shaded; of a title in two parts the second is below the first."""

    titles: Sequence[tuple[str, str]]
    lines: Sequence[tuple[str, Sequence[Cell]]]


def show_bars(bars: Sequence[Bar], *, alt: str, top: int = 0) -> None:
    """Draws bars below each other; `alt` says in words what they show, `top` leaves room above them."""
    most = max((bar.number for bar in bars), default=0) or 1
    lines = "".join(_line(bar, bar.number / most) for bar in bars)
    st.html(f"<div class='rfm-bars' role='figure' aria-label='{escape(alt)}' style='padding-top:{top}px'>{lines}</div>")


def _line(bar: Bar, share: float) -> str:
    below = f"<small>{escape(bar.below)}</small>" if bar.below else ""
    return (
        f"<span title='{escape(bar.hint)}'>{escape(bar.name)}{below}</span><div>"
        f"<i style='width:calc((100% - 8.5rem) * {share:.4f});background:{bar.colour}'></i>{escape(bar.label)}</div>"
    )


def show_shaded(table: Shaded, *, alt: str, at_least: int = 0) -> None:
    """Draws a table; where its place is narrower than `at_least` pixels, it scrolls sideways under its names."""
    width = 100 / max(len(table.titles), 1)
    titles = "".join(
        f"<th style='width:{width:.1f}%'>{escape(title)}<small>{escape(below)}</small></th>"
        for title, below in table.titles
    )
    lines = "".join(
        f"<tr><th>{escape(name)}</th>{''.join(_cell(cell) for cell in cells)}</tr>" for name, cells in table.lines
    )
    st.html(
        f"<div class='rfm-shaded' role='figure' aria-label='{escape(alt)}'><table style='min-width:{at_least}px'>"
        f"<thead><tr><th></th>{titles}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def show_table(
    columns: Mapping[str, Iterable[str | None]], *, alt: str, numbers: Collection[str] = (), at_most: int | None = None
) -> None:
    """Draws a table of texts, each column under its title, those of `numbers` to the right; None is told from a text.

    Its first column stays while it scrolls sideways, its titles while it scrolls in a height of `at_most` pixels.
    """
    looks = [" class='number'" if title in numbers else "" for title in columns]
    place = f"rfm-table rfm-lines' style='max-height:{at_most}px" if at_most else "rfm-table"
    titles = "".join(f"<th{look}>{escape(title)}</th>" for title, look in zip(columns, looks, strict=True))
    lines = "".join(
        f"<tr>{''.join(f'<td{look}>{_text(text)}</td>' for text, look in zip(line, looks, strict=True))}</tr>"
        for line in zip(*columns.values(), strict=True)
    )
    st.html(
        f"<div class='{place}' role='figure' aria-label='{escape(alt)}'><table>"
        f"<thead><tr>{titles}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def _text(text: str | None) -> str:
    return "<i title='missing'>∅</i>" if text is None else escape(text)


def _cell(cell: Cell) -> str:
    look = "" if cell.shade is None else f" style='background:color-mix(in srgb,{MUCH} {cell.shade:.1%},{LITTLE})'"
    return f"<td title='{escape(cell.hint)}'{look}>{escape(cell.text)}</td>"
