"""The figures of the page Movements, over flows: a row for each pair of segments with customers, and why they moved."""

from collections.abc import Sequence
from itertools import accumulate
from math import isnan, sqrt
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from rfm_assets.dashboard import charts
from rfm_assets.dashboard import format as fmt
from rfm_assets.gold.segments import NEW_CUSTOMER

if TYPE_CHECKING:
    import pandas as pd

CAUSES = {
    "purchased": ("Bought", charts.SERIES[0]),
    "aged": ("Waited", charts.SERIES[1]),
    "threshold": ("Medians moved", charts.SERIES[3]),
    "new": (NEW_CUSTOMER, charts.SERIES[2]),
}
"""Why somebody is in a segment and was not before: title and colour."""

SANKEY_HEIGHT, GAP = 560, 18
"""Of the flows, and the least between two nodes, in pixels."""
LABEL = 0.032
"""The height of a label as a part of the height of the flows."""


def sankey(flows: "pd.DataFrame") -> go.Figure:
    """From where to where, a band for each flow, in the colour of where it comes from."""
    sources = [
        *charts.in_order(list(flows["from_segment"])),
        *([NEW_CUSTOMER] if (flows["from_segment"] == NEW_CUSTOMER).any() else []),
    ]
    targets = charts.in_order(list(flows["to_segment"]))
    colours = [_colour(one) for one in (*sources, *targets)]
    counts = [
        *(flows.loc[flows["from_segment"] == one, "customers"].sum() for one in sources),
        *(flows.loc[flows["to_segment"] == one, "customers"].sum() for one in targets),
    ]
    labels = [f"{_short(one)} {fmt.count(number)}" for one, number in zip((*sources, *targets), counts, strict=True)]
    places = 1 - GAP * (max(len(sources), len(targets)) - 1) / SANKEY_HEIGHT
    height_of_one = places / flows["customers"].sum()
    figure = go.Figure(
        go.Sankey(
            arrangement="fixed",
            node={
                "label": labels,
                "color": colours,
                "x": [0.001] * len(sources) + [0.999] * len(targets),
                "y": [
                    *_middles(counts[: len(sources)], height_of_one),
                    *_middles(counts[len(sources) :], height_of_one),
                ],
                "pad": GAP,
                "thickness": 14,
                "line": {"width": 0},
                "hovertemplate": "%{label}<extra></extra>",
            },
            link={
                "source": [sources.index(one) for one in flows["from_segment"]],
                "target": [len(sources) + targets.index(one) for one in flows["to_segment"]],
                "value": flows["customers"],
                "color": [_faint(_colour(one)) for one in flows["from_segment"]],
                "hovertemplate": "%{source.label}<br>to %{target.label}<br>%{value:,} customers<extra></extra>",
            },
        )
    )
    figure.update_layout(margin={"l": 8, "r": 8, "t": 12, "b": 12})
    return figure


def entered_and_left(flows: "pd.DataFrame") -> go.Figure:
    """Each segment's arrivals to the right and departures to the left, by cause."""
    moved = flows[flows["from_segment"] != flows["to_segment"]]
    segments = charts.in_order([*moved["to_segment"], *moved["from_segment"]])
    names = [charts.short(one) for one in segments]
    figure = go.Figure()
    for cause, (title, colour) in CAUSES.items():
        arrived = moved.groupby("to_segment")[cause].sum().reindex(segments).fillna(0)
        gone = moved.groupby("from_segment")[cause].sum().reindex(segments).fillna(0)
        look = {"y": names, "orientation": "h", "marker_color": colour, "legendgroup": cause, "name": title}
        figure.add_bar(x=arrived, **look, hovertemplate="%{y}: %{x:,} entered<extra>" + title + "</extra>")
        figure.add_bar(
            x=-gone,
            **look,
            showlegend=False,
            customdata=gone,
            hovertemplate="%{y}: %{customdata:,} left<extra>" + title + "</extra>",
        )
    figure.update_layout(barmode="relative", legend={"y": 1.02, "yanchor": "bottom"})
    figure.update_xaxes(tickformat="~s", title="left  ◂  ▸  entered", zeroline=True, zerolinecolor=charts.MUTED)
    figure.update_yaxes(autorange="reversed")
    return figure


def matrix(flows: "pd.DataFrame") -> go.Figure:
    """How many went from each segment (lines) to each (columns); those who stayed are left unshaded."""
    wide = flows.pivot_table(index="from_segment", columns="to_segment", values="customers", aggfunc="sum")
    lines = [*charts.in_order(list(wide.index)), *([NEW_CUSTOMER] if NEW_CUSTOMER in wide.index else [])]
    cells = wide.reindex(index=lines, columns=charts.in_order(list(wide.columns)))
    numbers = [[float(number) for number in row] for row in cells.to_numpy()]
    shades = [
        [None if line == column else _shade(number) for column, number in zip(cells.columns, row, strict=True)]
        for line, row in zip(lines, numbers, strict=True)
    ]
    texts = [["" if isnan(number) else fmt.count(number) for number in row] for row in numbers]
    figure = go.Figure(
        go.Heatmap(
            z=shades,
            x=[charts.short(one) for one in cells.columns],
            y=[_short(one) for one in lines],
            text=texts,
            texttemplate="%{text}",
            textfont={"color": charts.INK},
            colorscale=charts.SEQUENTIAL,
            showscale=False,
            xgap=2,
            ygap=2,
            hovertemplate="from %{y}<br>to %{x}: %{text}<extra></extra>",
        )
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, ticks="")
    figure.update_xaxes(side="top", showgrid=False, ticks="", tickangle=-45)
    return figure


def _shade(number: float) -> float | None:
    """Square roots, so that a flow of ten is seen beside one of a thousand."""
    return None if isnan(number) else sqrt(number)


def _middles(counts: Sequence[int], height_of_one: float) -> list[float]:
    """The middle of each node of a side, from top (0) to bottom (1), with room for each label."""
    rooms = [max(number * height_of_one, LABEL) for number in counts]
    gap = (1 - sum(rooms)) / max(len(rooms) - 1, 1)
    tops = accumulate((room + gap for room in rooms), initial=0.0)
    return [min(max(top + room / 2, 0.001), 0.999) for top, room in zip(tops, rooms, strict=False)]


def _short(segment: str) -> str:
    return NEW_CUSTOMER if segment == NEW_CUSTOMER else charts.short(segment)


def _colour(segment: str) -> str:
    return charts.SEGMENT_COLOURS.get(segment, charts.MUTED)


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.35)"
