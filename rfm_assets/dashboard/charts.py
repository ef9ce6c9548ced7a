"""One look for every chart, and one colour for every segment.

Hue tells the value tier (blue, green, orange: apart for colour-blind eyes too), lightness the engagement: the further
from the ground, the more.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from html import escape
from math import isnan
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

import streamlit as st

from rfm_assets.dashboard.chart_table import chart_data, chart_text
from rfm_assets.dashboard.figure import Data, figure
from rfm_assets.dashboard.html_tables import show_table
from rfm_assets.dashboard.palette import GRID, GROUND, INK, MUTED, SEGMENT_COLOURS, SERIES, themed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["GRID", "INK", "MUTED", "SEGMENT_COLOURS", "SERIES"]  # the colours that figures use

Option = dict[str, Any]
"""A chart, or an axis or a series of it, as Apache ECharts takes it: https://echarts.apache.org/en/option.html."""
Widths = tuple[Option, Option]
Pattern = Literal["stripes", "dots", "rows"]
"""What tells bars of several kinds apart without their colours."""
Point = list[Any]
"""Where a point is, and what else is known of it."""

NARROW = 640
LABEL = 15
"""The height of a line of an axis' label, in pixels."""
MOST_LINES = 1_000
"""So many lines at most has the table of a chart; more are for its CSV file."""
_DAY = 24 * 60 * 60 * 1000  # milliseconds, as ECharts counts


def short(segment: str) -> str:
    """`High · Active`: a segment where there is little room."""
    tier, divider, status = segment.partition(" Value - ")
    return f"{tier} · {status.removesuffix(' & Engaged')}" if divider else segment


def legend(colours: Mapping[str, str], patterns: Mapping[str, Pattern] | None = None) -> None:
    """Names the colours of a chart, in lines that wrap: its own legend would be drawn over it on a narrow screen.

    `patterns` are those of `decal`, for what has one.
    """
    entries = "".join(
        f"<span style='white-space:nowrap'>{_swatch(themed(colour), (patterns or {}).get(name))} {escape(name)}</span>"
        for name, colour in colours.items()
    )
    style = "display:flex;flex-wrap:wrap;gap:0.1rem 1.1rem;color:var(--rfm-muted);font-size:0.85rem"
    st.html(f"<div style='{style}'>{entries}</div>")


def _swatch(colour: str, pattern: Pattern | None) -> str:
    """A square of a colour and the pattern that `decal` draws."""
    over = f"stroke='{themed(GROUND)}' stroke-width='2'"
    drawn = {
        "stripes": f"<path d='M-2 6L6 -2M1 15L15 1M8 18L18 8' {over}/>",
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


def decal(pattern: Pattern | None) -> Option:
    """The pattern of a bar, in the colour of the ground."""
    looks: dict[Pattern, Option] = {
        "stripes": {"symbol": "rect", "dashArrayX": [1, 0], "dashArrayY": [2, 4], "rotation": 0.785},
        "dots": {"symbol": "circle", "dashArrayX": [[6, 6]], "dashArrayY": [6, 0], "symbolSize": 0.6},
        "rows": {"symbol": "rect", "dashArrayX": [1, 0], "dashArrayY": [2, 4]},
    }
    return {"decal": {"color": GROUND, **looks[pattern]}} if pattern else {}


def in_order(segments: Sequence[str]) -> list[str]:
    """Segments from the most to the least valuable, as every chart and table lists them."""
    return [segment for segment in SEGMENT_COLOURS if segment in set(segments)]


def titled(title: str, **option: Any) -> Option:  # noqa: ANN401 - whatever ECharts takes
    """A chart under its title."""
    return {"title": {"text": title, "left": 0, "top": 4}, "grid": {"top": 40}, **option}


def panel(title: str, **option: Any) -> Option:  # noqa: ANN401
    """A chart under its title, one of several below each other: the plots of all begin and end at the same place."""
    grid = {"left": 64, "right": 16, "top": 40, "bottom": 38, "outerBoundsMode": "none"}
    return titled(title, grid=grid, **option)


def day_panel(title: str, days: Collection[date], *series: Option, write: str = "%,d", unit: str = "") -> Option:
    """A panel over some days; `write` is how printf tells a number, `unit` what follows it on the axis."""
    return panel(
        title,
        tooltip={"trigger": "axis", "valueFormatter": write},
        xAxis=days_axis(days),
        yAxis={"type": "value", "axisLabel": {"formatter": f"{{value}}{unit}"}},
        series=list(series),
    )


def line(points: Sequence[Point], **look: Any) -> Option:  # noqa: ANN401
    """A series of points, joined; a single one, which no line leads to, is drawn as a point."""
    return {"type": "line", "showSymbol": len(points) == 1, "data": points, **look}


def day_bars(points: Sequence[Point], **look: Any) -> Option:  # noqa: ANN401
    """A series with a bar for each day, without room between two."""
    return {"type": "bar", "barCategoryGap": "0%", "data": points, **look}


def points(frame: "pd.DataFrame", x: str, y: str) -> list[Point]:
    """Two columns as a series has them: a day as text, and None, which leaves a gap, where there is no number."""
    numbers = [None if isnan(number) else number for number in frame[y].tolist()]
    days = frame[x].dt.strftime("%Y-%m-%d") if frame[x].dtype.kind == "M" else frame[x]
    return [list(point) for point in zip(days.tolist(), numbers, strict=True)]


def days_axis(days: Collection[date]) -> Option:
    """The horizontal axis of some days, half a day before the first to half a day behind the last, bars or not."""
    first, last = min(days), max(days)
    labels = {"year": "{MMM}\n{yyyy}", "month": "{MMM}", "day": "{d} {MMM}"}
    return {
        "type": "time",
        "min": f"{first - timedelta(days=1):%Y-%m-%d}T12:00",
        "max": f"{last:%Y-%m-%d}T12:00",
        "minInterval": _DAY,
        "containShape": False,
        "axisLabel": {"formatter": labels, "lineHeight": LABEL},
    }


def show(  # noqa: PLR0913 - what is drawn, and what stands beside it
    option: Option,
    *,
    key: str,
    alt: str,
    height: int = 360,
    widths: Widths | None = None,
    colours: Mapping[str, str] | None = None,
    patterns: Mapping[str, Pattern] | None = None,
    data: Data | None = None,
) -> None:
    """Draws a chart in the dashboard's look, as wide as its place; `alt` says in words what it shows.

    `widths` is what differs in a place of less than NARROW pixels, and in any wider one. `colours` and `patterns` are
    for its legend. `data` is what it shows, where that cannot be read from the option.

    Nothing moves while it is drawn, so that another day is there at once; a chart of several pictures says itself how
    one turns into the next.
    """
    drawn = {"animation": False, **option, **_readable(option)}
    if widths:
        narrow, wide = widths
        drawn = {
            "baseOption": drawn,
            "media": [{"query": {"maxWidth": NARROW - 1}, "option": narrow}, {"option": wide}],
        }
    table = chart_data(option) if data is None else data
    with figure(key, alt, lambda: table):
        if colours:
            legend(colours, patterns)
        st.echarts_chart(themed(drawn), key=key, alt=alt, height=height, renderer="svg")
    if not table or len(next(iter(table.values()))) > MOST_LINES:
        return
    asked = st.expander("Data", on_change="rerun", key=f"{key}_data")
    if asked.open:  # a long history is not sent to those who do not read it
        with asked:
            numbers = dict.fromkeys(list(table)[1:], chart_text)
            show_table(table, alt=f"The data of the chart: {alt}", numbers=numbers, at_most=340)


def _readable(option: Option) -> Option:
    """The axes of a chart, with texts that are told from the ground: Streamlit's are too pale (WCAG 2.2, 1.4.3)."""
    return {
        axis: {
            **option[axis],
            "axisLabel": {"color": MUTED, **option[axis].get("axisLabel", {})},
            "nameTextStyle": {"color": MUTED, **option[axis].get("nameTextStyle", {})},
        }
        for axis in ("xAxis", "yAxis")
        if axis in option
    }
