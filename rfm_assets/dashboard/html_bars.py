"""Bar charts in HTML: each bar with its name before it and its number after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from rfm_assets.dashboard.figure import Data, figure
from rfm_assets.dashboard.links import anchor
from rfm_assets.dashboard.palette import themed

BEHIND = "8.5rem"
"""The space after the longest bar for its label."""


@dataclass(frozen=True)
class Bar:
    """A bar: its number, the name before it and the label after it."""

    name: str
    number: float
    label: str
    colour: str
    hint: str = ""
    """What a short name stands for."""
    below: str = ""
    """Small print under the name."""
    to: str = ""
    """Where it leads, if anywhere."""


def show_bars(bars: Sequence[Bar], *, key: str, alt: str, top: int = 0) -> None:
    """Draws bars one below the other; `alt` describes them in words, `top` leaves space above, in pixels."""
    data: Data = {
        "Name": [bar.name for bar in bars],
        "Value": [bar.number for bar in bars],
        "Label": [bar.label for bar in bars],
    }
    most = max((bar.number for bar in bars), default=0) or 1
    lines = "".join(_line(bar, bar.number / most) for bar in bars)
    with figure(key, alt, lambda: data):
        st.html(
            f"<div class='rfm-bars' role='figure' aria-label='{escape(alt)}' style='padding-top:{top}px'>{lines}</div>"
        )


def _line(bar: Bar, share: float) -> str:
    below = f"<small>{escape(bar.below)}</small>" if bar.below else ""
    name = anchor(bar.name, bar.to) if bar.to else escape(bar.name)
    width = f"width:max({int(bar.number > 0)}px,(100% - {BEHIND}) * {share:.4f})"
    drawn = f"<i style='{'width:100%' if bar.to else width};background:{themed(bar.colour)}'></i>"
    if bar.to:  # for the mouse only: keyboards use the name's link
        drawn = f"<a href='{escape(bar.to)}' tabindex='-1' aria-hidden='true' style='{width}'>{drawn}</a>"
    return f"<span title='{escape(bar.hint)}'>{name}{below}</span><div>{drawn}{escape(bar.label)}</div>"
