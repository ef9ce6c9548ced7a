"""The figures of the page Movements, over flows: a row for each pair of segments, with customers and causes."""

from collections.abc import Callable, Sequence
from math import sqrt
from typing import TYPE_CHECKING

from rfm_assets.config.segments import NEW_CUSTOMER
from rfm_assets.dashboard import charts
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.chart_links import Leads
from rfm_assets.dashboard.charts import Option
from rfm_assets.dashboard.figure import Data
from rfm_assets.dashboard.html_tables import Cell, Shaded
from rfm_assets.dashboard.legend import Pattern, decal

if TYPE_CHECKING:
    import pandas as pd

CAUSES = {
    "purchased": ("Ordered", charts.SERIES[0]),
    "aged": ("Lapsed", charts.SERIES[1]),
    "threshold": ("Thresholds shifted", charts.SERIES[3]),
    "new": (NEW_CUSTOMER, charts.SERIES[2]),
}
"""The causes of a move into a segment: title and colour."""
PATTERNS: dict[str, Pattern] = {"Lapsed": "stripes", "Thresholds shifted": "dots", NEW_CUSTOMER: "rows"}
"""Patterns that tell causes apart without colour."""

HEIGHT = 560
"""The height of the flows and of the balance beside them, in pixels."""


def sankey(flows: "pd.DataFrame") -> Option:
    """A band for each flow between segments, in the colour of its source."""
    came = flows.groupby("from_segment")["customers"].sum()
    went = flows.groupby("to_segment")["customers"].sum()
    nodes = [
        *(_node("from", one, came[one], label="right") for one in _origins(flows)),
        *(_node("to", one, went[one], label="left") for one in charts.in_order(list(went.index))),
    ]
    series = {
        "type": "sankey",
        "left": 8,
        "right": 8,
        "top": 8,
        "bottom": 8,
        "nodeGap": 18,  # as high as a label
        "nodeWidth": 14,
        "draggable": False,
        "layoutIterations": 0,  # keeps the order of the segments
        "lineStyle": {"color": "source", "opacity": 0.35},
        "emphasis": {"focus": "adjacency"},
        "data": nodes,
        "links": [_link(*flow) for flow in flows[["from_segment", "to_segment", "customers"]].to_numpy().tolist()],
    }
    return {"tooltip": {"valueFormatter": "%,d"}, "series": [series]}


def _link(origin: str, target: str, customers: int) -> Option:
    return {
        "source": f"from {_short(origin)}",
        "target": f"to {_short(target)}",
        "value": customers,
        "tooltip": {"formatter": f"{_short(origin)} to {_short(target)}: {fmt.count(customers)}"},
    }


def _node(side: str, segment: str, customers: int, *, label: str) -> Option:
    return {
        "name": f"{side} {_short(segment)}",
        "itemStyle": {"color": _colour(segment)},
        "label": {"formatter": f"{_short(segment)} {fmt.count(customers)}", "position": label, "color": charts.INK},
    }


def flow_leads(link: Callable[..., str]) -> Leads:
    """The links of a flow and of its two ends; `link` takes the cause, and the segments."""

    def leads(origin: str, target: str) -> str:
        return link("joined" if target else "moved", origin=_long(origin), target=_long(target))

    return leads


def balance_leads(link: Callable[..., str]) -> Leads:
    """The links of the balance's bars; `link` takes the cause, and the segments."""
    reasons = dict(
        zip((title for title, _ in CAUSES.values()), ("ordered", "lapsed", "thresholds", "new"), strict=True)
    )

    def leads(segment: str, bar: str) -> str:
        title, _, side = bar.rpartition(", ")
        return link(reasons[title], **{"target" if side == "joined" else "origin": _long(segment)})

    return leads


def joined_and_left(flows: "pd.DataFrame", among: Sequence[str]) -> Option:
    """Each segment's arrivals to the right and departures to the left, by cause.

    Only for `among`, the segments whose flows are complete.
    """
    moved = flows[flows["from_segment"] != flows["to_segment"]]
    segments = [one for one in charts.in_order([*moved["to_segment"], *moved["from_segment"]]) if one in among]
    series = []
    for cause, (title, colour) in CAUSES.items():
        for side, (column, sign) in {"joined": ("to_segment", 1), "left": ("from_segment", -1)}.items():
            numbers = moved.groupby(column)[cause].sum().reindex(segments).fillna(0).astype(int).tolist()
            data = [
                [sign * number, charts.short(segment), f"{charts.short(segment)}: {fmt.count(number)} {side}, {title}"]
                for segment, number in zip(segments, numbers, strict=True)
            ]
            look = {"color": colour, "itemStyle": decal(PATTERNS.get(title))}
            series.append(
                {"type": "bar", "id": f"{title}, {side}", "name": title, "stack": "all", "data": data, **look}
            )
    return {
        "grid": {"top": 8, "bottom": 40},
        "tooltip": {"formatter": "{@[2]}"},
        "xAxis": {"type": "value", "name": "←  left      joined  →", "nameLocation": "middle"},
        "yAxis": {"type": "category", "inverse": True, "axisLine": {"onZero": True}, "axisTick": {"show": False}},
        "series": series,
    }


def matrix(flows: "pd.DataFrame", link: Callable[[str, str], str] | None = None) -> Shaded:
    """Customers from each segment (rows) to each segment (columns); those who stayed are in italics, unshaded.

    `link` gives a cell's URL, from its two segments.
    """
    pairs = zip(flows["from_segment"], flows["to_segment"], strict=True)
    counts: dict[tuple[str, str], int] = dict(zip(pairs, flows["customers"], strict=True))
    columns = charts.in_order(list(flows["to_segment"]))
    origins = _origins(flows)
    most = max((number for (origin, column), number in counts.items() if origin != column), default=1)

    def cell(origin: str, column: str) -> Cell:
        number = counts.get((origin, column))
        if number is None:
            return Cell("", None)
        stayed = origin == column
        shade = None if stayed else sqrt(number / most)  # so that ten are visible beside a thousand
        hint, to = f"from {origin} to {column}: {fmt.count(number)}", link(origin, column) if link else ""
        return Cell(fmt.count(number), shade, hint, apart=stayed, to=to)

    return Shaded(
        [(tier, status) for tier, _, status in (charts.short(column).partition(" · ") for column in columns)],
        [(_short(origin), [cell(origin, column) for column in columns]) for origin in origins],
    )


def matrix_data(flows: "pd.DataFrame") -> Data:
    """The numbers of that table, with the causes."""
    titles = {"from_segment": "From", "to_segment": "To", "customers": "Customers"}
    titles |= {cause: title for cause, (title, _) in CAUSES.items()}
    return {title: flows[column].tolist() for column, title in titles.items()}


def _origins(flows: "pd.DataFrame") -> list[str]:
    """The source segments, with new customers last."""
    found = list(flows["from_segment"])
    return [*charts.in_order(found), *([NEW_CUSTOMER] if NEW_CUSTOMER in found else [])]


def _short(segment: str) -> str:
    return NEW_CUSTOMER if segment == NEW_CUSTOMER else charts.short(segment)


def _long(short: str) -> str:
    """The segment with a short name; any other text unchanged."""
    return {charts.short(one): one for one in charts.SEGMENT_COLOURS}.get(short, short)


def _colour(segment: str) -> str:
    return charts.SEGMENT_COLOURS.get(segment, charts.MUTED)
