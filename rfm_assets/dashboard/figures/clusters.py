"""The figures of the page Clusters."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from rfm_assets.config import in_force
from rfm_assets.dashboard import charts
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.chart_links import Leads
from rfm_assets.dashboard.charts import Option
from rfm_assets.dashboard.html_tables import Bar

if TYPE_CHECKING:
    import pandas as pd

OUTLIERS = {-1: "outliers in spending", -2: "outliers in orders", -3: "outliers in both"}
_SCALE = ((70, 19, 100), (59, 82, 139), (33, 145, 140), (94, 201, 98), (188, 223, 42))
"""Red, green and blue along Viridis, from dark to light."""
_OF_NUMBERS = (
    *((84, 24, 108), (0, 204, 156), (24, 180, 252), (36, 72, 0), (192, 180, 132), (204, 156, 252)),
    *((12, 72, 108), (24, 120, 108), (144, 120, 0), (108, 168, 72), (252, 156, 132), (48, 96, 192)),
)
"""The same of steady clusters, as many as a day may have; none is near an outlier's."""
_OUTLIER_COLOURS = {-1: "#d9730d", -2: "#c2557a", -3: "#8a3b00"}
MEASURES = {"Monetary": "spent", "Frequency": "orders", "Recency": "days since the last order"}
AGREEMENTS = {
    "Pairs of customers, beyond chance": charts.SERIES[7],
    "Customers in the matching cluster": charts.SERIES[0],
    "Their number changed": charts.SERIES[1],
}
"""What is drawn of how a day agrees with the day before, and its colour."""
SCORES = {"silhouette_score": "Silhouette", "inertia": "Inertia", "combined_score": "Combined score"}


def which(number: int) -> str:
    """Which one a cluster is: two may share a name."""
    return OUTLIERS.get(number, f"cluster {number}")


def told_apart(clusters: "pd.DataFrame") -> list[str]:
    """Each cluster's name; those that share one have behind it the median in which they differ most.

    Outliers are classes of their own, told from clusters by what `which` says.
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
    """Each cluster's name, as `told_apart` has it, and which one it is."""
    return {
        int(number): f"{name}{apart}{which(number)}"
        for number, name in zip(clusters["Cluster"], told_apart(clusters), strict=True)
    }


def colours(clusters: "pd.DataFrame") -> dict[int, str]:
    """A colour for each cluster, the lighter the more it spends; outliers have their own.

    Steady clusters keep theirs from day to day, as they keep their number.
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
    """Each number's colour; where an older cluster of the day has it, the next one that is free."""
    taken: list[int] = []
    for number in numbers:
        places = (place % len(_OF_NUMBERS) for place in range(number, number + len(_OF_NUMBERS)))
        taken.append(next(place for place in places if place not in taken))
    return [_OF_NUMBERS[place] for place in taken]


def sizes(clusters: "pd.DataFrame") -> list[Bar]:
    """A bar for each cluster, with its customers and their share."""
    tints = colours(clusters)
    return [
        Bar(
            name,
            row["Count"],
            f"{fmt.count(row['Count'])} · {fmt.percent(row['share'])}",
            tints[row["Cluster"]],
            below=which(row["Cluster"]),
            to=row["to"],
        )
        for name, row in zip(told_apart(clusters)[::-1], clusters.iloc[::-1].to_dict("records"), strict=True)
    ]


def spread(measured: "pd.DataFrame", clusters: "pd.DataFrame", measure: str) -> Option:
    """A box for each cluster: half of its customers in it, nine of ten between its whiskers, a line for the median."""
    tints, names = colours(clusters), labels(clusters)
    unit, write = (fmt.symbol(), fmt.money) if measure == "Monetary" else ("", fmt.count)
    rows = measured[measured["measure"] == measure].set_index("Cluster").loc[list(names)]
    boxes = [
        {
            "value": list(box),
            "itemStyle": {"color": "white", "borderColor": tints[number], "borderWidth": 1.5},
            "tooltip": {"formatter": _box_said(names[number], [write(value) for value in box])},
        }
        for number, box in zip(names, rows[["low", "q1", "median", "q3", "high"]].to_numpy().tolist(), strict=True)
    ]
    categories = {"axisLabel": {"lineHeight": charts.LABEL}, "axisTick": {"show": False}}
    return charts.titled(
        f"{measure}, {MEASURES[measure]}",
        tooltip={},
        xAxis={"type": "value", "min": 0, "axisLabel": {"formatter": f"{unit}{{value}}"}},
        yAxis={"type": "category", "data": list(labels(clusters, "\n").values()), **categories},
        series=[{"type": "boxplot", "data": boxes, "boxWidth": [8, 20]}],
    )


def box_leads(clusters: "pd.DataFrame") -> Leads:
    """Where a box and each of its numbers lead: to the customers of its cluster."""
    to = dict(zip(labels(clusters, " ").values(), clusters["to"], strict=True))
    return lambda place, _: str(to[place])


def _box_said(name: str, values: Sequence[str]) -> str:
    low, quarter, median, three_quarters, high = values
    return "<br>".join(
        (
            name,
            f"median {median}",
            f"half from {quarter} to {three_quarters}",
            f"nine of ten from {low} to {high}",
        )
    )


def selection(tried: "pd.DataFrame", score: str) -> Option:
    """A score of each number of clusters, the chosen one marked; for inertia also what an elbow lies far below."""
    ks = tried.assign(k=tried["k"].astype(str))  # categories, so that none is written with decimals
    curve = charts.line(
        charts.points(ks, "k", score),
        name=SCORES[score],
        color=charts.SERIES[0],
        showSymbol=True,
        markLine={
            "silent": True,
            "symbol": "none",
            "label": {"show": False},
            "lineStyle": {"color": charts.SERIES[1]},
            "data": [{"xAxis": k} for k in ks.loc[ks["chosen"], "k"]],
        },
    )
    if score == "inertia" and len(tried) > 1:
        first, *_, last = ({"coord": point} for point in curve["data"])
        curve["markLine"]["data"].append([first | {"lineStyle": {"color": charts.MUTED, "type": "dotted"}}, last])
    return charts.titled(
        SCORES[score],
        tooltip={"trigger": "axis", "valueFormatter": "%,.3f"},
        xAxis={
            "type": "category",
            "boundaryGap": False,
            "name": "clusters",
            "nameLocation": "middle",
            "axisPointer": {"label": {"formatter": "{value} clusters"}},
        },
        yAxis={"type": "value", "scale": True},
        series=[curve],
    )


def stability(days: "pd.DataFrame") -> Option:
    """How far each day agrees with the day before, in percent, and the days on which the number of clusters changed."""
    pairs, customers, changes = AGREEMENTS
    shares = days.assign(pairs=100 * days["adjusted_rand_index"], customers=100 * days["matched_agreement"])
    changed = shares[days["k"].fillna(0) != days["previous_k"].fillna(0)]
    dots = [
        {"coord": point, "name": f"{fmt.day(row['day'])}: from {row['previous_k']:.0f} to {row['k']:.0f} clusters"}
        for point, row in zip(charts.points(changed, "day", "customers"), changed.to_dict("records"), strict=True)
    ]
    marks = {
        "symbol": "circle",
        "symbolSize": 6,
        "label": {"show": False},
        "itemStyle": {"color": AGREEMENTS[changes]},
        "tooltip": {"trigger": "item", "formatter": "{b}"},
        "data": dots,
    }
    return {
        "grid": {"top": 8},
        "tooltip": {"trigger": "axis", "valueFormatter": "%.0f%%"},
        "xAxis": charts.days_axis(days["day"]),
        "yAxis": {"type": "value", "max": 100, "axisLabel": {"formatter": "{value}%"}},
        "series": [
            charts.line(
                charts.points(shares, "day", "pairs"), name=pairs, color=AGREEMENTS[pairs], lineStyle={"width": 1}
            ),
            charts.line(
                charts.points(shares, "day", "customers"),
                name=customers,
                color=AGREEMENTS[customers],
                lineStyle={"width": 2},
                markPoint=marks,
            ),
        ],
    }
