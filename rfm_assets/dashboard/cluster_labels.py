"""Labels of clusters: a name, a number, and a colour."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from rfm_assets.config import in_force
from rfm_assets.dashboard import format as fmt
from rfm_assets.ml.naming import OUTLIERS

if TYPE_CHECKING:
    import pandas as pd

_SCALE = ((70, 19, 100), (59, 82, 139), (33, 145, 140), (94, 201, 98), (188, 223, 42))
"""Red, green and blue along Viridis, from dark to light."""
_OF_NUMBERS = (
    *((84, 24, 108), (0, 204, 156), (24, 180, 252), (36, 72, 0), (192, 180, 132), (204, 156, 252)),
    *((12, 72, 108), (24, 120, 108), (144, 120, 0), (108, 168, 72), (252, 156, 132), (48, 96, 192)),
)
"""Colours of steady clusters, as many as a day may have; none is close to an outlier's."""
_OUTLIER_COLOURS = {-1: "#d9730d", -2: "#c2557a", -3: "#8a3b00"}
MEASURES = {"Monetary": "spent", "Frequency": "orders", "Recency": "days since the last order"}


def which(number: int) -> str:
    """A cluster's number in words: two clusters may share a name."""
    return OUTLIERS.get(number, f"cluster {number}")


def told_apart(clusters: "pd.DataFrame") -> list[str]:
    """Each cluster's name; clusters that share a name add the median in which they differ most.

    Outlier classes are told apart by `which`.
    """
    steady = clusters[clusters["Cluster"] >= 0]
    alike = {name: rows for name, rows in steady.groupby("Cluster_Description") if len(rows) > 1}
    return [
        f"{name}: {_median(row, alike[name])}" if row["Cluster"] >= 0 and name in alike else str(name)
        for name, row in zip(clusters["Cluster_Description"], clusters.to_dict("records"), strict=True)
    ]


def _median(row: Mapping[Hashable, Any], alike: "pd.DataFrame") -> str:
    def spread(measure: str) -> float:
        medians = alike[f"Med_{measure}"].astype(float)
        return float((medians.max() - medians.min()) / (medians.max() or 1))

    measure = max(MEASURES, key=spread)
    write = fmt.money if measure == "Monetary" else fmt.count
    unit = "days ago" if measure == "Recency" else MEASURES[measure]
    return f"{write(float(row[f'Med_{measure}']))} {unit}"


def labels(clusters: "pd.DataFrame", apart: str = ", ") -> dict[int, str]:
    """Each cluster's name, as from `told_apart`, and its number in words."""
    return {
        int(number): f"{name}{apart}{which(number)}"
        for number, name in zip(clusters["Cluster"], told_apart(clusters), strict=True)
    }


def colours(clusters: "pd.DataFrame") -> dict[int, str]:
    """A colour for each cluster, lighter for higher spending; outliers have their own.

    Steady clusters keep their colour from day to day, as they keep their number.
    """
    numbers = [int(number) for number in clusters["Cluster"] if number >= 0]
    tints = _of_numbers(numbers) if in_force.clusters().refit == "steady" else _by_spending(len(numbers))
    return _OUTLIER_COLOURS | {
        number: f"rgb({red:.0f}, {green:.0f}, {blue:.0f})"
        for number, (red, green, blue) in zip(numbers, tints, strict=True)
    }


def _by_spending(count: int) -> list[tuple[float, ...]]:
    places = np.linspace(0, len(_SCALE) - 1, count)
    return list(zip(*(np.interp(places, range(len(_SCALE)), part) for part in zip(*_SCALE, strict=True)), strict=True))


def _of_numbers(numbers: Sequence[int]) -> list[tuple[float, ...]]:
    """Each number's colour, or the next free one if an older cluster of the day has it."""
    taken: list[int] = []
    for number in numbers:
        places = (place % len(_OF_NUMBERS) for place in range(number, number + len(_OF_NUMBERS)))
        taken.append(next(place for place in places if place not in taken))
    return [_OF_NUMBERS[place] for place in taken]
