"""A picture of a day's clusters, in SVG: on the left why there are so many, on the right who is in them.

Written without a drawing library: to import one takes longer than to cluster the day.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from math import ceil, copysign, log10
from typing import Literal
from xml.sax.saxutils import escape

import pandas as pd

from rfm_assets.ml.clustering import DayClusters

# Okabe and Ito's colours, told apart with any kind of colour vision; more clusters than colours change the marker.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#B8AC00")
MARKERS = ("round", "square", "m0-3.4l3.2 5.4h-6.4z", "m0-3.2l3.2 3.2l-3.2 3.2l-3.2-3.2z")
"""Ends of a line without length, or the shape around a point."""
_CROSS, _PLUS = "m-2.6-2.6l5.2 5.2m0-5.2l-5.2 5.2", "m-3.2 0h6.4m-3.2-3.2v6.4"
OUTLIERS = {
    -1: (_CROSS, "outliers in spending"),
    -2: (_PLUS, "outliers in orders"),
    -3: (f"{_CROSS}m2.6-2.6{_PLUS}", "outliers in both"),
}
_OUTLIERS_COLOUR = "#444444"

CURVES = {
    "combined_score": ("combined score", "#000000", "", 2),
    "silhouette_score": ("silhouette", "#0072B2", "7 4", 2),
    "elbow_distance": ("elbow distance", "#D55E00", "8 3 2 3", 2),
    "inertia": ("inertia", "#009E73", "2 3", 0),
}

MOST_CUSTOMERS = 1_500  # drawn; more would cover each other
SEED = 42

WIDTH, HEIGHT = 1120, 460
_SMALL = 11
_FONT = f"font-family='DejaVu Sans,Verdana,Helvetica,Arial,sans-serif' font-size='{_SMALL}'"
_TICKS = 6  # at most, on the axis of days


@dataclass(frozen=True)
class Plot:
    """A rectangle of the picture, and the values at its edges."""

    left: float
    top: float
    width: float
    height: float
    xs: tuple[float, float]
    ys: tuple[float, float]

    def x(self, value: float) -> float:
        """Where a value is from left to right."""
        return round(self.left + (value - self.xs[0]) / (self.xs[1] - self.xs[0]) * self.width, 1)

    def y(self, value: float) -> float:
        """Where a value is from top to bottom."""
        return round(self.top + (self.ys[1] - value) / (self.ys[1] - self.ys[0]) * self.height, 1)

    def axes(self, title: str, of_x: str, of_y: str, *, away: float = 44) -> Iterator[str]:
        """Both axes with their titles, that of y some way to the left, and the title above."""
        left, bottom, middle = self.left, self.top + self.height, self.left + self.width / 2
        yield f"<path d='M{left} {self.top}V{bottom}H{left + self.width}' fill='none' stroke='#000'/>"
        yield text(middle, self.top - 12, title, size=14)
        yield text(middle, bottom + 34, of_x, size=12)
        yield text(left - away, self.top + self.height / 2, of_y, size=12, turned=True)

    def ticks(self, xs: Iterable[float], ys: Iterable[tuple[float, str]]) -> Iterator[str]:
        """The values at the axes, those of y with what is written there."""
        bottom = self.top + self.height
        for value in xs:
            yield f"<path d='M{self.x(value)} {bottom}v4' stroke='#000'/>" + text(
                self.x(value), bottom + 17, f"{value}"
            )
        for value, said in ys:
            yield f"<path d='M{self.left} {self.y(value)}h-4' stroke='#000'/>"
            yield text(self.left - 7, self.y(value) + 4, said, anchor="end")


def picture(day: date, found: DayClusters) -> str:
    """Draws a day's choice of k and its clusters as an SVG small enough to travel inside a text."""
    drawn = [
        text(WIDTH / 2, 24, f"Customer clusters as of {day}", size=16, bold=True),
        *draw_selection(found),
        *draw_customers(found),
    ]
    size = f"width='{WIDTH}' height='{HEIGHT}' viewBox='0 0 {WIDTH} {HEIGHT}'"
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' {size} {_FONT}>"
        f"<rect width='{WIDTH}' height='{HEIGHT}' fill='#fff'/>{''.join(drawn)}</svg>"
    )


def draw_selection(found: DayClusters) -> Iterator[str]:
    """Draws what every k scored, each curve from its lowest to its highest, and marks the chosen k."""
    figures = found.cluster_selection
    if figures.empty:
        yield text(230, 52, "How many clusters?", size=14)
        yield text(230, 200, "Too few customers to cluster.", size=12)
        return
    ks = figures["k"].tolist()
    plot = Plot(70, 64, 340, 270, xs=(ks[0] - 0.5, ks[-1] + 0.5), ys=(-0.05, 1.05))
    chosen = plot.x(found.chosen_k or 0)
    yield f"<path class='chosen' d='M{chosen} {plot.top}v{plot.height}' stroke='#D9D9D9' stroke-width='8'/>"
    yield from plot.axes("How many clusters?", "number of clusters k", "each curve from its lowest to its highest")
    yield from plot.ticks(ks, [(tenth / 10, f"{tenth / 10}") for tenth in range(0, 11, 2)])
    for place, (column, (name, colour, dashes, decimals)) in enumerate(CURVES.items()):
        values = figures[column]
        scaled = (values - values.min()) / ((values.max() - values.min()) or 1)
        points = [(plot.x(k), plot.y(value)) for k, value in zip(ks, scaled.tolist(), strict=True)]
        width = 3 if column == "combined_score" else 1.8
        line = f"fill='none' stroke='{colour}' stroke-width='{width}' stroke-dasharray='{dashes}'"
        yield f"<polyline class='curve' points='{' '.join(f'{x},{y}' for x, y in points)}' {line}/>"
        yield dots(points, "round", colour, size=5)
        x, y = 40 + place % 2 * 200, 402 + place // 2 * 22
        yield f"<path d='M{x} {y}h24' {line}/>"
        best = values[figures["chosen"]].item()
        yield text(x + 30, y + 4, f"{name} ({best:,.{decimals}f} at {found.chosen_k})", anchor="start")


def draw_customers(found: DayClusters) -> Iterator[str]:
    """Draws customers by recency and spending; all of them when they are few, else some drawn by a fixed seed."""
    customers = found.customer_clusters
    summary = found.cluster_summary.sort_values("Cluster", key=lambda number: number.where(number >= 0, 1_000 - number))
    some = customers.sample(min(MOST_CUSTOMERS, len(customers)), random_state=SEED)
    drawn = f"{len(some):,} of {len(customers):,}" if len(some) < len(customers) else f"{len(some):,}"
    longest = max(10, int(some["Recency"].max()))  # on the first day, everybody bought today
    least, most = float(some["Monetary"].min()), float(some["Monetary"].max())
    plot = Plot(
        *(512, 64, 330, 330),
        xs=(-0.03 * longest, 1.03 * longest),
        ys=(bent(least * (0.8 if least > 0 else 1.25)), bent(most * (1.25 if most > 0 else 0.8) + 1)),
    )
    yield from plot.axes(
        f"Who is in them? ({drawn} customers)",
        "recency: days since the last purchase",
        "monetary: spent so far",
        away=66,
    )
    powers = [0, *(sign * 10**power for power in range(15) for sign in (1, -1))]
    shown = [money for money in powers if plot.ys[0] <= bent(money) <= plot.ys[1]]
    yield from plot.ticks(round_steps(longest), [(bent(money), f"{money:,}") for money in shown])
    row = plot.top + 6
    for cluster, size, name in zip(summary["Cluster"], summary["Count"], summary["Cluster_Description"], strict=True):
        yield from draw_cluster(plot, some[some["Cluster"] == cluster], int(cluster))
        yield dots([(plot.left + plot.width + 26, row - 4)], *look(int(cluster)), size=6)
        said = [f"{cluster}  {name} ({size:,})", *([OUTLIERS[cluster][1]] if cluster in OUTLIERS else [])]
        yield text(plot.left + plot.width + 38, row, *said, anchor="start")
        row += 20 if len(said) == 1 else 34


def draw_cluster(plot: Plot, members: pd.DataFrame, cluster: int) -> Iterator[str]:
    """Draws one cluster's customers, and its number in their middle; outliers have neither colour nor number."""
    recency, monetary = members["Recency"], members["Monetary"]
    marker, colour = look(cluster)
    points = [(plot.x(days), plot.y(bent(money))) for days, money in zip(recency, monetary, strict=True)]
    yield dots(points, marker, colour)
    if points and cluster not in OUTLIERS:
        x, y = plot.x(float(recency.median())), plot.y(bent(float(monetary.median())))
        yield f"<circle cx='{x}' cy='{y}' r='{6 + 3 * len(str(cluster))}' fill='#fff' stroke='{colour}'/>"
        yield text(x, y + 4, str(cluster), size=12, bold=True)


def look(cluster: int) -> tuple[str, str]:
    """A cluster's marker and colour."""
    if cluster in OUTLIERS:
        return OUTLIERS[cluster][0], _OUTLIERS_COLOUR
    return MARKERS[cluster // len(COLOURS) % len(MARKERS)], COLOURS[cluster % len(COLOURS)]


def bent(value: float) -> float:
    """A logarithm that has a place for nothing spent and for less: as it is up to 1, its magnitude beyond."""
    return value if abs(value) <= 1 else copysign(1 + log10(abs(value)), value)


def round_steps(longest: int) -> range:
    """Round numbers from 0 up to some days, few enough to be written side by side."""
    power = 10 ** int(log10(longest))
    step = next(step for n in (1, 2, 5, 10, 20) if longest / (step := max(1, ceil(n * power / 10))) <= _TICKS)
    return range(0, longest + 1, step)


def dots(points: Iterable[tuple[float, float]], marker: str, colour: str, *, size: float = 4) -> str:
    """Draws one marker at each point, as a single path."""
    if marker in {"round", "square"}:
        ends = "".join(f"M{x:g} {y:g}h0" for x, y in points)
        return f"<path class='dots' d='{ends}' stroke='{colour}' stroke-width='{size}' stroke-linecap='{marker}'/>"
    shapes = "".join(f"M{x:g} {y:g}{marker}" for x, y in points)
    fill = colour if marker.endswith("z") else "none"
    return f"<path class='dots' d='{shapes}' fill='{fill}' stroke='{colour}' stroke-width='0.8'/>"


def text(  # noqa: PLR0913 - what text has in SVG
    x: float,
    y: float,
    *lines: str,
    size: int = _SMALL,
    anchor: Literal["start", "middle", "end"] = "middle",
    bold: bool = False,
    turned: bool = False,
) -> str:
    """Writes lines at a point, the second one a little to the right of the first."""
    attributes = [f"x='{x:g}' y='{y:g}' text-anchor='{anchor}'"]
    attributes += [f"font-size='{size}'"] if size != _SMALL else []
    attributes += ["font-weight='bold'"] if bold else []
    attributes += [f"transform='rotate(-90 {x:g} {y:g})'"] if turned else []
    more = "".join(f"<tspan x='{x + 14:g}' dy='14'>{escape(line)}</tspan>" for line in lines[1:])
    return f"<text {' '.join(attributes)}>{escape(lines[0])}{more}</text>"
