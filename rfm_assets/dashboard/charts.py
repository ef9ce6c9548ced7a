"""One look for every chart, and one colour for every segment.

Hue shows the value tier (blue, green, orange: distinct for colour-blind readers, too), contrast with the background the
engagement: the stronger, the more engaged.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from math import isnan
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

from rfm_assets.dashboard.chart_links import Leads, follow, table_links, with_choices
from rfm_assets.dashboard.chart_table import chart_data, chart_text
from rfm_assets.dashboard.figure import Data, figure
from rfm_assets.dashboard.html_tables import Numbers, show_table
from rfm_assets.dashboard.legend import Pattern, legend
from rfm_assets.dashboard.palette import GRID, INK, MUTED, SEGMENT_COLOURS, SERIES, themed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["GRID", "INK", "MUTED", "SEGMENT_COLOURS", "SERIES"]  # the colours that figures use

Option = dict[str, Any]
"""A chart, or one of its axes or series, as an Apache ECharts option: https://echarts.apache.org/en/option.html."""
Widths = tuple[Option, Option]
Point = list[Any]
"""A point's coordinates, and whatever its tooltip shows."""

NARROW = 640
LABEL = 15
"""The line height of axis labels, in pixels."""
_DAY = 24 * 60 * 60 * 1000  # milliseconds, ECharts' unit


def short(segment: str) -> str:
    """A segment's short name, such as `High · Active`."""
    tier, divider, status = segment.partition(" Value - ")
    return f"{tier} · {status.removesuffix(' & Engaged')}" if divider else segment


def in_order(segments: Sequence[str]) -> list[str]:
    """Segments from the most to the least valuable, as every chart and table lists them."""
    return [segment for segment in SEGMENT_COLOURS if segment in set(segments)]


def titled(title: str, **option: Any) -> Option:  # noqa: ANN401 - ECharts' own types
    """A chart with a title."""
    return {"title": {"text": title, "left": 0, "top": 4}, "grid": {"top": 40}, **option}


def panel(title: str, **option: Any) -> Option:  # noqa: ANN401
    """A titled chart for a stack of several, whose plot areas line up."""
    grid = {"left": 64, "right": 16, "top": 40, "bottom": 38, "outerBoundsMode": "none"}
    return titled(title, grid=grid, **option)


def day_panel(title: str, days: Collection[date], *series: Option, write: str = "%,d", unit: str = "") -> Option:
    """A panel over days; `write` is a number's printf format, `unit` follows it on the axis."""
    return panel(
        title,
        tooltip={"trigger": "axis", "valueFormatter": write},
        xAxis=days_axis(days),
        yAxis={"type": "value", "axisLabel": {"formatter": f"{{value}}{unit}"}},
        series=list(series),
    )


def line(points: Sequence[Point], **look: Any) -> Option:  # noqa: ANN401
    """A line through points; a single point is drawn as a dot."""
    return {"type": "line", "showSymbol": len(points) == 1, "data": points, **look}


def day_bars(points: Sequence[Point], **look: Any) -> Option:  # noqa: ANN401
    """A series with a bar for each day, without gaps."""
    return {"type": "bar", "barCategoryGap": "0%", "data": points, **look}


def points(frame: "pd.DataFrame", x: str, y: str) -> list[Point]:
    """Two columns as points of a series: days as text, missing numbers as None, which leaves a gap."""
    numbers = [None if isnan(number) else number for number in frame[y].tolist()]
    days = frame[x].dt.strftime("%Y-%m-%d") if frame[x].dtype.kind == "M" else frame[x]
    return [list(point) for point in zip(days.tolist(), numbers, strict=True)]


def days_axis(days: Collection[date]) -> Option:
    """The horizontal axis over days, from half a day before the first to half a day after the last."""
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


def show(  # noqa: PLR0913 - a chart and everything around it
    option: Option,
    *,
    key: str,
    alt: str,
    height: int = 360,
    widths: Widths | None = None,
    colours: Mapping[str, str] | None = None,
    patterns: Mapping[str, Pattern] | None = None,
    data: Data | None = None,
    leads: Leads | None = None,
    renderer: Literal["svg", "canvas"] = "svg",
) -> None:
    """Draws a chart in the dashboard's look, at full width; `alt` describes it in words.

    `widths` has what differs below NARROW pixels, and above. `colours` and `patterns` are for the legend. `data` is the
    chart's table, if it cannot be read from the option. `leads` gives the links of points. A thousand moving points
    need the `renderer` canvas, whose pictures do not scale sharply.

    Charts are not animated, so that another day shows at once; a chart of several pictures sets its own transitions.
    """
    drawn = {"animation": False, **(with_choices(option) if leads else option), **_readable(option)}
    table = chart_data(option) if data is None else data
    with figure(key, alt, lambda: table):
        if colours:
            legend(colours, patterns)
        look: Option = {"key": key, "alt": alt, "height": height, "renderer": renderer}
        if leads:
            state = st.echarts_chart(themed(_fitted(drawn, widths)), on_select="rerun", **look)
            follow(option, state.selection.selected, leads)
        else:
            st.echarts_chart(themed(_fitted(drawn, widths)), **look)
    if table:
        _show_data(table, key, alt, leads)


def _show_data(table: Data, key: str, alt: str, leads: Leads | None) -> None:
    """The chart's table, sent only when opened: a long history is large."""
    asked = st.expander("Data", on_change="rerun", key=f"{key}_data")
    if not asked.open:
        return
    with asked:
        places, *numbers = table
        columns: dict[str, Sequence[object] | Numbers] = {places: table[places]}
        columns |= {title: Numbers(table[title], chart_text) for title in numbers}
        to = table_links(table, leads) if leads else {}
        show_table(columns, alt=f"The data of the chart: {alt}", at_most=340, to=to)


def _fitted(drawn: Option, widths: Widths | None) -> Option:
    if not widths:
        return drawn
    narrow, wide = widths
    media = [{"query": {"maxWidth": NARROW - 1}, "option": narrow}, {"option": wide}]
    return {"baseOption": drawn, "media": media}


def _readable(option: Option) -> Option:
    """The chart with axis texts of sufficient contrast: Streamlit's are too pale (WCAG 2.2, 1.4.3)."""
    return {
        axis: {
            **option[axis],
            "axisLabel": {"color": MUTED, **option[axis].get("axisLabel", {})},
            "nameTextStyle": {"color": MUTED, **option[axis].get("nameTextStyle", {})},
        }
        for axis in ("xAxis", "yAxis")
        if axis in option
    }
