"""The figures of the page Movements, over flows: a row for each pair of segments with customers, and why they moved."""

from collections.abc import Sequence
from itertools import accumulate
from math import sqrt
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from rfm_assets.dashboard import charts
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.drawings import Cell, Shaded
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
    sources = _origins(flows)
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


def matrix(flows: "pd.DataFrame") -> Shaded:
    """How many went from each segment (lines) to each (columns); those who stayed are left unshaded."""
    pairs = zip(flows["from_segment"], flows["to_segment"], strict=True)
    counts: dict[tuple[str, str], int] = dict(zip(pairs, flows["customers"], strict=True))
    columns = charts.in_order(list(flows["to_segment"]))
    origins = _origins(flows)
    most = max((number for (origin, column), number in counts.items() if origin != column), default=1)

    def cell(origin: str, column: str) -> Cell:
        number = counts.get((origin, column))
        if number is None:
            return Cell("", None)
        shade = None if origin == column else sqrt(number / most)  # so that ten are seen beside a thousand
        return Cell(fmt.count(number), shade, f"from {origin} to {column}: {fmt.count(number)}")

    return Shaded(
        [(tier, status) for tier, _, status in (charts.short(column).partition(" · ") for column in columns)],
        [(_short(origin), [cell(origin, column) for column in columns]) for origin in origins],
    )


def _origins(flows: "pd.DataFrame") -> list[str]:
    """Where customers come from, those who are new at the end."""
    found = list(flows["from_segment"])
    return [*charts.in_order(found), *([NEW_CUSTOMER] if NEW_CUSTOMER in found else [])]


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
