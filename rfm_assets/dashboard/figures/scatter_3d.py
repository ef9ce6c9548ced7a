"""A scatter plot of each cluster's customers in the three measures, which the reader can rotate.

Each rotation is a projection computed here and drawn like the other charts. Rotation in the browser (WebGL) needs a
graphics card; without one it takes seconds for each day.
"""

from collections.abc import Callable, Mapping
from math import ceil, sqrt
from typing import TYPE_CHECKING

import numpy as np

from rfm_assets.dashboard import charts
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.chart_links import Leads
from rfm_assets.dashboard.charts import Option
from rfm_assets.dashboard.cluster_labels import colours, labels
from rfm_assets.dashboard.figure import Data

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Places = NDArray[np.float64]

Ends = Mapping[str, tuple[int, int]]
"""The ends of each measure's axis; an axis that starts at 1 is logarithmic."""

AXES = {"Recency": "days ago", "Frequency": "orders", "Monetary": "spent"}
"""The axes before any rotation, right, back and up, with their units."""
TURNS = range(0, 360, 15)
"""In degrees, counter-clockwise seen from above."""
_ABOVE = np.radians(20)  # the camera's elevation
_TOO_SHORT = 300  # thousandths of the cube's side: labels along a shorter edge would overlap
_CORNERS = np.array([[right, back, up] for right in (0, 1) for back in (0, 1) for up in (0, 1)], float)
_EDGES = [(one, other) for one in range(8) for other in range(one) if (_CORNERS[one] != _CORNERS[other]).sum() == 1]
_CUBE = [
    {
        "type": "lines",
        "coordinateSystem": "cartesian2d",
        "silent": True,
        "lineStyle": {"color": charts.GRID, "opacity": 1, "width": 1.5},
    },
    {
        "type": "scatter",
        "silent": True,
        "symbolSize": 0,
        "itemStyle": {"opacity": 1},  # else its labels are as pale as the points
        "label": {
            "show": True,
            "color": charts.MUTED,
            "padding": [2, 4],
            "lineHeight": charts.LABEL,
            "formatter": "{@[2]}",
        },
    },
]
"""The cube's edges, and the labels along them."""
_TURNTABLE = {
    "axisType": "category",
    "data": [f"{turn}°" for turn in TURNS],
    "currentIndex": TURNS.index(30),
    "playInterval": 250,
    "loop": True,
    "left": 8,
    "right": 8,
    "bottom": 0,
    "symbol": "none",
    "label": {"show": False},
    "lineStyle": {"color": charts.GRID, "width": 3},
    "progress": {"lineStyle": {"color": charts.GRID, "width": 3}},
    "checkpointStyle": {"symbolSize": 14, "color": charts.SERIES[0]},
    "controlStyle": {"itemSize": 18, "color": charts.MUTED, "borderColor": charts.MUTED},
}


def space(sample: "pd.DataFrame", clusters: "pd.DataFrame") -> Option:
    """A point for each customer of a sample; money and orders are logarithmic if outliers are shown.

    Points take a fifth of a second from one rotation to the next; another day starts at the first rotation again.
    """
    logarithmic = {"Frequency", "Monetary"} if (sample["Cluster"] < 0).any() else set[str]()
    ends = {measure: (int(measure in logarithmic), max([2, *map(ceil, sample[measure])])) for measure in AXES}
    points = _series(labels(clusters), colours(clusters))
    turns = [[{"encode": {"x": f"x{turn}", "y": f"y{turn}"}}] * len(points) + _cube(turn, ends) for turn in TURNS]
    base = {
        "animationDuration": 0,
        "animationDurationUpdate": 200,
        "timeline": _TURNTABLE,
        "tooltip": {},
        "grid": {"left": 8, "right": 8, "top": 0, "bottom": 64},
        "xAxis": {"type": "value", "show": False, "min": -1000, "max": 900},
        "yAxis": {"type": "value", "show": False, "min": -750, "max": 750},
        "dataset": [_customers(sample[sample["Cluster"] == number], ends) for number in clusters["Cluster"]],
        "series": [*points, *_CUBE],
    }
    return {"baseOption": base, "options": [{"series": series} for series in turns]}


def space_data(sample: "pd.DataFrame") -> Data:
    """A row for each point, without the customer's id: the list exports ids, hashed if the shop wants that."""
    numbers = {measure: sample[measure].tolist() for measure in AXES}
    return {"Cluster": sample["Cluster"].astype(str).tolist(), **numbers}


def space_leads(clusters: "pd.DataFrame", link: Callable[[str], str]) -> Leads:
    """The links of points, to their customer by `link`, and of numbers in the data, to the customers of the cluster."""
    to = dict(zip(clusters["Cluster"].astype(str), clusters["to"], strict=True))
    return lambda place, column: str(to[place]) if column in AXES else link(place)


def seen(places: "Places", turn: float) -> "NDArray[np.int_]":
    """Projects points of the unit cube, rotated by some degrees.

    Returns a row for each: its distance from the middle to the right and up, in thousandths of the cube's side.
    """
    right, back, up = (places - 0.5).T
    angle = np.radians(turn)
    across = right * np.cos(angle) - back * np.sin(angle)
    away = right * np.sin(angle) + back * np.cos(angle)
    onto = np.column_stack([across, up * np.cos(_ABOVE) + away * np.sin(_ABOVE)])
    return np.asarray(np.rint(1000 * onto), int)


def _customers(part: "pd.DataFrame", ends: Ends) -> Option:
    """A row for each customer: its tooltip, and its projection after each rotation."""
    places = np.column_stack([_place(part[measure].to_numpy(float), *ends[measure]) for measure in AXES])
    said = [part[measure].map(fmt.money if measure == "Monetary" else fmt.count) for measure in AXES]
    turned = np.hstack([seen(places, turn) for turn in TURNS]).tolist()
    return {
        "dimensions": ["customer", *AXES, *(f"{side}{turn}" for turn in TURNS for side in "xy")],
        "source": [[*texts, *numbers] for *texts, numbers in zip(part["CustomerID"], *said, turned, strict=True)],
    }


def _place(numbers: "Places", least: int, most: int) -> "Places":
    """The position of each number along its axis, from 0 to 1."""
    return np.log(np.maximum(numbers, 1)) / np.log(most) if least else numbers / most


def _series(names: Mapping[int, str], tints: Mapping[int, str]) -> list[Option]:
    """A series for each cluster, in the order of their datasets."""
    said = "<br>".join(f"{unit}: {{@{measure}}}" for measure, unit in AXES.items())
    return [
        {
            "type": "scatter",
            "name": name,
            "datasetIndex": place,
            "color": tints[number],
            "symbol": "circle" if number >= 0 else "diamond",
            "symbolSize": 5,
            "itemStyle": {"opacity": 0.8},
            "tooltip": {"formatter": f"<b>{{@customer}}</b><br>{{a}}<br>{said}"},
        }
        for place, (number, name) in enumerate(names.items())
    ]


def _cube(turn: int, ends: Ends) -> list[Option]:
    """The cube's edges after a rotation, and labels along the nearest edges that are long enough."""
    corners = seen(_CORNERS, turn)
    edges = [{"coords": corners[list(edge)].tolist()} for edge in _EDGES]
    nearest, leftmost = _CORNERS[corners[:, 1].argmin()], _CORNERS[corners[:, 0].argmin()]
    texts = []
    for axis, (measure, unit) in enumerate(AXES.items()):
        upright = measure == "Monetary"
        along = np.repeat([leftmost if upright else nearest], 3, axis=0)
        along[:, axis] = 0, 0.5, 1
        start, middle, end = seen(along, turn).tolist()
        if not upright and abs(end[0] - start[0]) < _TOO_SHORT:
            continue
        side = "left" if end[0] > start[0] else "right"  # so that two labels that start in one corner do not touch
        look = {"position": "left"} if upright else {"position": "bottom", "align": side}
        least, most = ends[measure]
        half = round(sqrt(most) if least else most / 2)
        write = fmt.whole_money if upright else fmt.count
        said = (write(least), f"{write(half)}\n{unit}", write(most))
        texts += [
            {"value": [*place, text], "label": look} for text, place in zip(said, (start, middle, end), strict=True)
        ]
    return [{"data": edges}, {"data": texts}]
