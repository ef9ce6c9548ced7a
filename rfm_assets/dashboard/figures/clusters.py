"""The figures of the page Clusters."""

from typing import TYPE_CHECKING

from rfm_assets.dashboard import charts
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.charts import Option
from rfm_assets.dashboard.drawings import Bar
from rfm_assets.settings import settings

if TYPE_CHECKING:
    import pandas as pd

OUTLIERS = {-1: "outliers in spending", -2: "outliers in orders", -3: "outliers in both"}
_VIRIDIS = (
    *("#461364", "#472d7a", "#404486", "#375a8c", "#2e6e8e", "#27808e"),
    *("#22938b", "#26a684", "#36b779", "#5dc762", "#8bd446", "#bcdf2a"),
)
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


def labels(clusters: "pd.DataFrame") -> dict[int, str]:
    """Each cluster's name, and below it which one it is."""
    return {
        int(number): f"{name}\n{which(number)}"
        for number, name in zip(clusters["Cluster"], clusters["Cluster_Description"], strict=True)
    }


def colours(clusters: "pd.DataFrame") -> dict[int, str]:
    """A colour for each cluster, the lighter the more it spends; outliers have their own."""
    numbers = [int(number) for number in clusters["Cluster"] if number >= 0]
    step = (len(_VIRIDIS) - 1) / max(len(numbers) - 1, 1)
    return _OUTLIER_COLOURS | {number: _VIRIDIS[round(place * step)] for place, number in enumerate(numbers)}


def sizes(clusters: "pd.DataFrame") -> list[Bar]:
    """A bar for each cluster, with its customers and their share."""
    tints = colours(clusters)
    return [
        Bar(
            row["Cluster_Description"],
            row["Count"],
            f"{fmt.count(row['Count'])} · {fmt.percent(row['share'])}",
            tints[row["Cluster"]],
            below=which(row["Cluster"]),
        )
        for row in clusters.iloc[::-1].to_dict("records")
    ]


def spread(measured: "pd.DataFrame", clusters: "pd.DataFrame", measure: str) -> Option:
    """A box for each cluster: half of its customers in it, nine of ten between its whiskers, a line for the median."""
    tints, numbers = colours(clusters), [int(number) for number in clusters["Cluster"]]
    rows = measured[measured["measure"] == measure].set_index("Cluster").loc[numbers]
    boxes = [
        {"value": values, "itemStyle": {"color": "white", "borderColor": tints[number], "borderWidth": 1.5}}
        for number, values in zip(numbers, rows[["low", "q1", "median", "q3", "high"]].to_numpy().tolist(), strict=True)
    ]
    unit = settings().currency if measure == "Monetary" else ""
    return charts.titled(
        f"{measure}, {MEASURES[measure]}",
        tooltip={"valueFormatter": f"{unit}%,.0f"},
        xAxis={"type": "value", "min": 0, "axisLabel": {"formatter": f"{unit}{{value}}"}},
        yAxis={
            "type": "category",
            "data": list(labels(clusters).values()),
            "axisLabel": {"lineHeight": charts.LINE},
            "axisTick": {"show": False},
        },
        series=[{"type": "boxplot", "data": boxes, "boxWidth": [8, 20]}],
    )


def selection(tried: "pd.DataFrame", score: str) -> Option:
    """A score of each number of clusters, the chosen one marked; for inertia also what an elbow lies far below."""
    chosen = tried.loc[tried["chosen"], "k"].tolist()
    curve: Option = {
        "type": "line",
        "color": charts.SERIES[0],
        "data": charts.points(tried, "k", score),
        "markLine": {
            "silent": True,
            "symbol": "none",
            "label": {"show": False},
            "lineStyle": {"color": charts.SERIES[1]},
            "data": [{"xAxis": k} for k in chosen],
        },
    }
    if score == "inertia" and len(tried) > 1:
        first, *_, last = ({"coord": point} for point in curve["data"])
        curve["markLine"]["data"].append([first | {"lineStyle": {"color": charts.MUTED, "type": "dotted"}}, last])
    return charts.titled(
        SCORES[score],
        tooltip={"trigger": "axis", "valueFormatter": "%,.3f"},
        xAxis={
            "type": "value",
            "name": "clusters",
            "nameLocation": "middle",
            "min": "dataMin",
            "max": "dataMax",
            "interval": 1,
        },
        yAxis={"type": "value", "scale": True},
        series=[curve],
    )


def stability(days: "pd.DataFrame") -> Option:
    """How far each day agrees with the day before, in percent, and the days on which the number of clusters changed."""
    pairs, customers, changes = AGREEMENTS
    drawn = (("adjusted_rand_index", pairs, 1), ("matched_agreement", customers, 2))
    shares = days.assign(**{column: 100 * days[column] for column, *_ in drawn})
    lines = [
        {
            "type": "line",
            "name": name,
            "showSymbol": len(days) == 1,
            "color": AGREEMENTS[name],
            "lineStyle": {"width": width},
            "data": charts.points(shares, "day", column),
        }
        for column, name, width in drawn
    ]
    changed = shares[days["k"].fillna(0) != days["previous_k"].fillna(0)]
    dots = {
        "type": "scatter",
        "name": changes,
        "color": AGREEMENTS[changes],
        "symbolSize": 6,
        "data": charts.points(changed, "day", "matched_agreement"),
    }
    return {
        "grid": {"top": 8},
        "tooltip": {"trigger": "axis", "valueFormatter": "%.0f %%"},
        "xAxis": charts.days_axis(days["day"].min(), days["day"].max()),
        "yAxis": {"type": "value", "max": 100, "axisLabel": {"formatter": "{value} %"}},
        "series": [*lines, dots],
    }
