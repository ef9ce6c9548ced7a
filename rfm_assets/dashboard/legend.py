"""Legends of charts, and patterns that tell bars apart without colour."""

from collections.abc import Mapping
from html import escape
from typing import Any, Literal
from urllib.parse import quote

import streamlit as st

from rfm_assets.dashboard.palette import GROUND, MUTED, themed

Pattern = Literal["stripes", "dots", "rows"]
"""Patterns that tell kinds of bars apart without colour."""


def legend(colours: Mapping[str, str], patterns: Mapping[str, Pattern] | None = None) -> None:
    """Draws a chart's legend as wrapping text: the chart's own would cover it on a narrow screen.

    `patterns` are those passed to `decal`, by name.
    """
    entries = "".join(
        f"<span style='white-space:nowrap'>{_swatch(themed(colour), (patterns or {}).get(name))} {escape(name)}</span>"
        for name, colour in colours.items()
    )
    style = "display:flex;flex-wrap:wrap;gap:0.1rem 1.1rem;color:var(--rfm-muted);font-size:0.85rem"
    st.html(f"<div style='{style}'>{entries}</div>")


def _swatch(colour: str, pattern: Pattern | None) -> str:
    """A square in a colour, with the pattern that `decal` draws."""
    over = f"stroke='{themed(GROUND)}' stroke-width='2'"
    drawn = {
        "stripes": f"<path d='M-2 8L6 16M-1 -1L15 15M8 -2L16 6' {over}/>",
        "rows": f"<path d='M0 4H14M0 10H14' {over}/>",
        "dots": "".join(
            f"<circle cx='{x}' cy='{y}' r='1.6' fill='{themed(GROUND)}'/>" for x in (4, 10) for y in (4, 10)
        ),
    }
    square = (
        "<svg xmlns='http://www.w3.org/2000/svg' width='14' height='14' viewBox='0 0 14 14'>"
        f"<rect width='14' height='14' fill='{colour}'/>{drawn[pattern] if pattern else ''}"
        f"<rect x='0.5' y='0.5' width='13' height='13' fill='none' stroke='{themed(MUTED)}'/></svg>"
    )
    return f"<img class='rfm-swatch' alt='' src='data:image/svg+xml,{quote(square)}'>"


def decal(pattern: Pattern | None) -> dict[str, Any]:
    """A bar's pattern, in the background colour."""
    looks: dict[Pattern, Any] = {
        "stripes": {"symbol": "rect", "dashArrayX": [1, 0], "dashArrayY": [2, 4], "rotation": 0.785},
        "dots": {"symbol": "circle", "dashArrayX": [[6, 6]], "dashArrayY": [6, 0], "symbolSize": 0.6},
        "rows": {"symbol": "rect", "dashArrayX": [1, 0], "dashArrayY": [2, 4]},
    }
    return {"decal": {"color": GROUND, **looks[pattern]}} if pattern else {}
