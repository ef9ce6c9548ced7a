"""A picture of a day's clusters: on the left why there are so many, on the right who is in them.

Drawn on a figure of its own, without pyplot: no window, and no state shared with whoever else draws.
"""

import io
from datetime import date

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from rfm_assets.ml.clustering import DayClusters

# Okabe and Ito's colours, told apart with any kind of colour vision; more clusters than colours change the marker.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#B8AC00")
MARKERS = "os^D"
OUTLIERS = {-1: ("x", "outliers in spending"), -2: ("+", "outliers in orders"), -3: ("*", "outliers in both")}

CURVES = {
    "combined_score": ("combined score", "#000000", "-", 2),
    "silhouette_score": ("silhouette", "#0072B2", "--", 2),
    "elbow_distance": ("elbow distance", "#D55E00", "-.", 2),
    "inertia": ("inertia", "#009E73", ":", 0),
}

MOST_CUSTOMERS = 1_500  # drawn; more would cover each other
SEED = 42
SHADES = 64  # of the file's palette: a third of the size of full colour, and no difference to see


def picture(day: date, found: DayClusters) -> bytes:
    """Draws a day's choice of k and its clusters as a PNG small enough to travel inside a text."""
    figure = Figure(figsize=(11.2, 4.6), dpi=100, layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(5, 7))
    figure.suptitle(f"Customer clusters as of {day}", fontsize=12, fontweight="bold")
    draw_selection(left, found)
    draw_customers(right, found)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=8)
    return png_of(figure)


def draw_selection(axes: Axes, found: DayClusters) -> None:
    """Draws what every k scored, each curve from its lowest to its highest, and marks the chosen k."""
    axes.set_title("How many clusters?", fontsize=10)
    figures = found.cluster_selection
    if figures.empty:
        axes.set_axis_off()
        axes.text(0.5, 0.5, "Too few customers to cluster.", ha="center", fontsize=9, transform=axes.transAxes)
        return
    for column, (name, colour, dashes, decimals) in CURVES.items():
        values = figures[column]
        scaled = (values - values.min()) / ((values.max() - values.min()) or 1)
        best = values[figures["chosen"]].item()
        axes.plot(
            figures["k"],
            scaled,
            color=colour,
            linestyle=dashes,
            linewidth=2.4 if column == "combined_score" else 1.4,
            marker="o",
            markersize=3,
            label=f"{name} ({best:,.{decimals}f} at {found.chosen_k})",
        )
    axes.axvline(found.chosen_k or 0, color="#D9D9D9", linewidth=6, zorder=0)
    axes.set_xticks(figures["k"])
    axes.set_xlabel("number of clusters k", fontsize=9)
    axes.set_ylabel("each curve from its lowest to its highest", fontsize=9)
    axes.legend(fontsize=8, frameon=False, loc="upper center", bbox_to_anchor=(0.45, -0.15), ncols=2)


def draw_customers(axes: Axes, found: DayClusters) -> None:
    """Draws customers by recency and spending; all of them when they are few, else some drawn by a fixed seed."""
    customers = found.customer_clusters
    summary = found.cluster_summary.sort_values("Cluster", key=lambda number: number.where(number >= 0, 1_000 - number))
    some = customers.sample(min(MOST_CUSTOMERS, len(customers)), random_state=SEED)
    for cluster, size, name in zip(summary["Cluster"], summary["Count"], summary["Cluster_Description"], strict=True):
        draw_cluster(axes, some[some["Cluster"] == cluster], int(cluster), f"{cluster}  {name} ({size:,})")
    drawn = f"{len(some):,} of {len(customers):,}" if len(some) < len(customers) else f"{len(some):,}"
    axes.set_title(f"Who is in them? ({drawn} customers)", fontsize=10)
    longest = max(10, some["Recency"].max())  # on the first day, everybody bought today
    axes.set_xlim(-0.03 * longest, 1.03 * longest)
    axes.set_yscale("symlog", linthresh=1)  # a logarithm that has a place for nothing spent
    axes.set_ylim(max(0, some["Monetary"].min() * 0.8), some["Monetary"].max() * 1.25 + 1)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.set_xlabel("recency: days since the last purchase", fontsize=9)
    axes.set_ylabel("monetary: spent so far", fontsize=9)
    axes.legend(fontsize=8, frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0), borderaxespad=0)


def draw_cluster(axes: Axes, members: pd.DataFrame, cluster: int, label: str) -> None:
    """Draws one cluster's customers, and its number in their middle; outliers have neither colour nor number."""
    recency, monetary = members["Recency"], members["Monetary"]
    if cluster in OUTLIERS:
        marker, meaning = OUTLIERS[cluster]
        label = f"{label}\n      {meaning}"
        axes.scatter(recency, monetary, label=label, marker=marker, color="#444444", s=20, linewidths=0.8)
        return
    marker, colour = MARKERS[cluster // len(COLOURS) % len(MARKERS)], COLOURS[cluster % len(COLOURS)]
    axes.scatter(recency, monetary, label=label, marker=marker, color=colour, s=12, linewidths=0)
    if len(members):
        badge = {"boxstyle": "circle,pad=0.25", "facecolor": "white", "edgecolor": colour}
        middle = float(recency.median()), float(monetary.median())
        axes.text(*middle, str(cluster), fontsize=9, fontweight="bold", ha="center", va="center", bbox=badge)


def png_of(figure: Figure) -> bytes:
    """Writes a figure in a palette of its own few colours."""
    full, small = io.BytesIO(), io.BytesIO()
    figure.savefig(full, format="png")
    with Image.open(full) as image:
        image.convert("RGB").quantize(SHADES, Image.Quantize.MAXCOVERAGE).save(small, "PNG", optimize=True)
    return small.getvalue()
