"""The colours of the dashboard, in light and dark.

Figures and pages use the light ones. Shared colours are CSS variables in HTML (`var(--rfm-ink)`); everything drawn from
data goes through `themed`, which swaps each colour for its dark twin if the reader's theme is dark.
"""

import re
from typing import Any

import streamlit as st

from rfm_assets.config import in_force
from rfm_assets.config.segments import ENGAGEMENT_STATUSES, VALUE_TIERS

INK, MUTED, GRID, GROUND = "#1f2a37", "#5b6878", "#e6eaf0", "#ffffff"
LITTLE, MUCH = "#f7fafd", "#6aa6dc"
"""The scale of shaded tables; INK is readable on all of it."""
LINK, GOOD, BAD = "#2a6db0", "#0f6b4f", "#b3261e"

_RAMPS = (
    ("#0b3c6f", "#2f74b5", "#7fb0dc", "#c0d8ee"),
    ("#00523c", "#1b9e77", "#74c7ae", "#bfe5d9"),
    ("#8a3b00", "#d9730d", "#f3ae66", "#f9d8b4"),
)
_DARK_RAMPS = (
    ("#b9dbfa", "#6fb0ea", "#3f7ab3", "#2b5580"),
    ("#a5ecd3", "#45bd97", "#2b8264", "#225c49"),
    ("#ffd0a0", "#f0913a", "#ad6422", "#77481b"),
)
"""On a dark background, lighter means more."""
SEGMENT_COLOURS = {
    in_force.segments().names[f"{tier} - {status}"]: colour
    for tier, ramp in zip(VALUE_TIERS, _RAMPS, strict=True)
    for status, colour in zip(ENGAGEMENT_STATUSES, ramp, strict=True)
}
SERIES = ("#2f74b5", "#d9730d", "#1b9e77", "#8b6bb1", "#b8860b", "#4d5b6b", "#c2557a", "#56b4e9")
"""Colours for anything but segments, in this order."""

SHARED = {"ink": INK, "muted": MUTED, "grid": GRID, "ground": GROUND, "little": LITTLE, "much": MUCH} | {
    "link": LINK,
    "good": GOOD,
    "bad": BAD,
}
"""The colours that are CSS variables, by name."""

DARK = {
    INK: "#e6edf5",
    MUTED: "#a9b6c6",
    GRID: "#2d3a4c",
    GROUND: "#0f1722",
    "white": "#0f1722",
    LITTLE: "#16202e",
    MUCH: "#2a5f94",
    LINK: "#7db8f0",
    GOOD: "#6fd6b0",
    BAD: "#ff9b93",
    **dict(
        zip(
            SERIES,
            ("#6fb0ea", "#f0913a", "#45bd97", "#b79cdb", "#d9a520", "#9fb0c3", "#e88aa9", "#7cc8f2"),
            strict=True,
        )
    ),
    **{
        light: dark
        for ramp, dark_ramp in zip(_RAMPS, _DARK_RAMPS, strict=True)
        for light, dark in zip(ramp, dark_ramp, strict=True)
    },
    # The layers of Lineage, and its frames and arrows.
    "#f6e3cf": "#4a3824",
    "#d9efe6": "#1f4438",
    "#fbeeb8": "#4b4220",
    "#e7e0f3": "#3b3152",
    "#d5e6f5": "#22405c",
    "#c9d1dc": "#4d5b6b",
    "#8a97a8": "#8a97a8",
}
"""The dark twin of each colour."""

_COLOUR = re.compile("|".join(sorted(map(re.escape, DARK), key=len, reverse=True)))
_RGB = re.compile(r"rgb\((\d+), (\d+), (\d+)\)")


def is_dark() -> bool:
    """Whether the reader's theme is dark."""
    return st.context.theme.type == "dark"


def themed(drawn: Any) -> Any:  # noqa: ANN401 - a chart, or any part of one
    """A chart, a text or a colour with the colours of the reader's theme."""
    return _dark(drawn) if is_dark() else drawn


def css() -> str:
    """The shared colours of the reader's theme as CSS variables."""
    return ":root {" + "".join(f"--rfm-{name}: {themed(colour)};" for name, colour in SHARED.items()) + "}"


def _dark(drawn: Any) -> Any:  # noqa: ANN401
    if isinstance(drawn, dict):
        return {key: _dark(value) for key, value in drawn.items()}
    if isinstance(drawn, list | tuple):
        return [_dark(value) for value in drawn]
    if isinstance(drawn, str) and ("#" in drawn or "white" in drawn or "rgb(" in drawn):
        return _RGB.sub(_lifted, _COLOUR.sub(lambda found: DARK[found[0]], drawn))
    return drawn


def _lifted(found: "re.Match[str]") -> str:
    """The colour a third of the way to white: the darkest would vanish on a dark background."""
    return "rgb({}, {}, {})".format(*(int(part) + (255 - int(part)) // 3 for part in found.groups()))
