"""Draws a day's clusters as SVG: on the left the choice of k, on the right the customers.

Without a drawing library: importing one takes longer than clustering the day.
"""

from collections.abc import Iterator
from datetime import date
from math import ceil, copysign, log10

import pandas as pd

from rfm_assets.ml.clustering import DayClusters
from rfm_assets.ml.naming import OUTLIERS
from rfm_assets.ml.svg import FONT, Plot, dots, text

# Okabe and Ito's colours, distinct for any kind of colour vision; beyond them the marker changes.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#B8AC00")
MARKERS = ("round", "square", "m0-3.4l3.2 5.4h-6.4z", "m0-3.2l3.2 3.2l-3.2 3.2l-3.2-3.2z")
"""The line cap of a zero-length line, or the path of the shape."""
_CROSS, _PLUS = "m-2.6-2.6l5.2 5.2m0-5.2l-5.2 5.2", "m-3.2 0h6.4m-3.2-3.2v6.4"
_OUTLIERS_MARKERS = {
    -1: _CROSS,
    -2: _PLUS,
    -3: f"{_CROSS}m2.6-2.6{_PLUS}",
}
_OUTLIERS_COLOUR = "#444444"

CURVES = {
    "combined_score": ("combined score", "#000000", "", 2),
    "silhouette_score": ("silhouette", "#0072B2", "7 4", 2),
    "elbow_distance": ("elbow distance", "#D55E00", "8 3 2 3", 2),
    "inertia": ("inertia", "#009E73", "2 3", 0),
}

MOST_CUSTOMERS = 1_500  # drawn at most; more would cover each other
SEED = 42

WIDTH, HEIGHT = 1120, 460
_TICKS = 6  # at most, on the axis of days


def picture(day: date, found: DayClusters) -> str:
    """Draws a day's choice of k and its clusters, as an SVG small enough to embed in text."""
    drawn = [
        text(WIDTH / 2, 24, f"Customer clusters as of {day}", size=16, bold=True),
        *draw_selection(found),
        *draw_customers(found),
    ]
    size = f"width='{WIDTH}' height='{HEIGHT}' viewBox='0 0 {WIDTH} {HEIGHT}'"
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' {size} {FONT}>"
        f"<rect width='{WIDTH}' height='{HEIGHT}' fill='#fff'/>{''.join(drawn)}</svg>"
    )


def draw_selection(found: DayClusters) -> Iterator[str]:
    """Draws the scores by k, each curve scaled from its lowest to its highest, and marks the chosen k."""
    figures = found.cluster_selection
    if figures.empty:
        yield text(230, 52, "How many clusters?", size=14)
        yield text(230, 200, "Too few customers to cluster.", size=12)
        return
    ks = figures["k"].tolist()
    plot = Plot(70, 64, 340, 270, x_range=(ks[0] - 0.5, ks[-1] + 0.5), y_range=(-0.05, 1.05))
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
    """Draws customers by recency and spending: all of them if they are few, else a sample by a fixed seed."""
    customers = found.customer_clusters
    summary = found.cluster_summary.sort_values("Cluster", key=lambda number: number.where(number >= 0, 1_000 - number))
    some = customers.sample(min(MOST_CUSTOMERS, len(customers)), random_state=SEED)
    drawn = f"{len(some):,} of {len(customers):,}" if len(some) < len(customers) else f"{len(some):,}"
    longest = max(10, int(some["Recency"].max()))  # on the first day, everybody's recency is 0
    least, most = float(some["Monetary"].min()), float(some["Monetary"].max())
    plot = Plot(
        *(512, 64, 330, 330),
        x_range=(-0.03 * longest, 1.03 * longest),
        y_range=(bent(least * (0.8 if least > 0 else 1.25)), bent(most * (1.25 if most > 0 else 0.8) + 1)),
    )
    yield from plot.axes(
        f"Who is in them? ({drawn} customers)",
        "recency: days since the last purchase",
        "monetary: spent so far",
        y_title_gap=66,
    )
    powers = [0, *(sign * 10**power for power in range(15) for sign in (1, -1))]
    shown = [money for money in powers if plot.y_range[0] <= bent(money) <= plot.y_range[1]]
    yield from plot.ticks(round_steps(longest), [(bent(money), f"{money:,}") for money in shown])
    row = plot.top + 6
    for cluster, size, name in zip(summary["Cluster"], summary["Count"], summary["Cluster_Description"], strict=True):
        yield from draw_cluster(plot, some[some["Cluster"] == cluster], int(cluster))
        yield dots([(plot.left + plot.width + 26, row - 4)], *look(int(cluster)), size=6)
        said = [f"{cluster}  {name} ({size:,})", *([OUTLIERS[cluster]] if cluster in OUTLIERS else [])]
        yield text(plot.left + plot.width + 38, row, *said, anchor="start")
        row += 20 if len(said) == 1 else 34


def draw_cluster(plot: Plot, members: pd.DataFrame, cluster: int) -> Iterator[str]:
    """Draws a cluster's customers, with its number in the middle; outliers have neither colour nor number."""
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
        return _OUTLIERS_MARKERS[cluster], _OUTLIERS_COLOUR
    return MARKERS[cluster // len(COLOURS) % len(MARKERS)], COLOURS[cluster % len(COLOURS)]


def bent(value: float) -> float:
    """A symmetric logarithm, which also takes zero and negative spending: linear up to 1, logarithmic beyond."""
    return value if abs(value) <= 1 else copysign(1 + log10(abs(value)), value)


def round_steps(longest: int) -> range:
    """Round numbers from 0 to `longest`, few enough to label an axis."""
    power = 10 ** int(log10(longest))
    step = next(step for n in (1, 2, 5, 10, 20) if longest / (step := max(1, ceil(n * power / 10))) <= _TICKS)
    return range(0, longest + 1, step)
