"""One look for every chart, and one colour for every segment.

Hue tells the value tier (blue, green, orange: apart for colour-blind eyes too), lightness the engagement: the darker,
the more.
"""

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st
from plotly.io import templates
from plotly.subplots import make_subplots

from rfm_assets.gold.segments import ENGAGEMENT_STATUSES, VALUE_TIERS

_RAMPS = (
    ("#0b3c6f", "#2f74b5", "#7fb0dc", "#c0d8ee"),
    ("#00523c", "#1b9e77", "#74c7ae", "#bfe5d9"),
    ("#8a3b00", "#d9730d", "#f3ae66", "#f9d8b4"),
)
SEGMENT_COLOURS = {
    f"{tier} - {status}": colour
    for tier, ramp in zip(VALUE_TIERS, _RAMPS, strict=True)
    for status, colour in zip(ENGAGEMENT_STATUSES, ramp, strict=True)
}
SERIES = ("#2f74b5", "#d9730d", "#1b9e77", "#8b6bb1", "#b8860b", "#4d5b6b", "#c2557a", "#56b4e9")
"""Colours of anything that is no segment, in this order."""
INK, MUTED, GRID, GOOD, BAD = "#1f2a37", "#5b6878", "#e6eaf0", "#1b7f5f", "#b8450b"
SEQUENTIAL = [(0.0, "#f7fafd"), (1.0, "#6aa6dc")]
"""A scale from little to much, for heatmaps; INK is readable on all of it."""

_AXIS = {
    "automargin": True,
    "gridcolor": GRID,
    "linecolor": GRID,
    "zeroline": False,
    "ticklabelstandoff": 5,
    "title": {"standoff": 8, "font": {"size": 13}},
}
# Of every figure, from the start: a figure would otherwise copy and check Plotly's own look first.
templates.default = go.layout.Template(
    layout={
        "font": {"family": "Source Sans, Source Sans Pro, sans-serif", "size": 13, "color": INK},
        "colorway": SERIES,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "xaxis": _AXIS,
        "yaxis": _AXIS,
        "legend": {"orientation": "h", "yanchor": "top", "y": -0.15, "x": 0, "title": {"text": ""}},
        "hoverlabel": {"bgcolor": "white", "bordercolor": GRID, "font": {"color": INK}, "align": "left"},
        "bargap": 0.25,
    }
)


def short(segment: str) -> str:
    """`High · Active`: a segment where there is little room."""
    tier, _, status = segment.partition(" Value - ")
    return f"{tier} · {status.removesuffix(' & Engaged')}"


def legend(segments: Sequence[str]) -> None:
    """Names the colours of segments, in lines that wrap: a chart's own legend would take a narrow screen's room."""
    square = "<span style='color:{}'>&#9632;</span>"
    entries = "".join(
        f"<span style='white-space:nowrap'>{square.format(SEGMENT_COLOURS[one])} {short(one)}</span>"
        for one in in_order(segments)
    )
    style = f"display:flex;flex-wrap:wrap;gap:0.1rem 1.1rem;color:{MUTED};font-size:0.85rem"
    st.html(f"<div style='{style}'>{entries}</div>")


def panels(*titles: str, beside: bool = False, same_scale: bool = True) -> go.Figure:
    """A figure of panels below each other over one horizontal axis, or beside each other along one vertical axis.

    A browser needs about a tenth of a second for each figure, however little is in it.
    """
    titled = {"subplot_titles": titles}
    if beside:
        spacing = 0.03 if same_scale else 0.07
        figure = make_subplots(cols=len(titles), shared_yaxes=same_scale, horizontal_spacing=spacing, **titled)
    else:
        figure = make_subplots(rows=len(titles), shared_xaxes=True, vertical_spacing=0.27 / len(titles), **titled)
        figure.update_annotations(x=0, xanchor="left")
    figure.update_annotations(font={"size": 14, "color": INK})
    return figure.update_layout(margin={"t": 32})


def show(figure: go.Figure, *, key: str, alt: str, height: int = 360, at_least: int = 0) -> None:
    """Draws a figure in the dashboard's look, as wide as its place; `alt` says in words what it shows.

    Where the place is narrower than `at_least` pixels, the figure keeps that width and scrolls sideways.
    """
    figure.update_layout(height=height)
    config = {"displayModeBar": False, "responsive": True}
    place = f"{key}_place"
    if at_least:
        st.html(f"<style>.st-key-{place} {{overflow-x: auto}} .st-key-{key} {{min-width: {at_least}px}}</style>")
    with st.container(key=place):
        st.plotly_chart(figure, width="stretch", theme=None, config=config, key=key, alt=alt)


def in_order(segments: Sequence[str]) -> list[str]:
    """Segments from the most to the least valuable, as every chart and table lists them."""
    return [segment for segment in SEGMENT_COLOURS if segment in set(segments)]
