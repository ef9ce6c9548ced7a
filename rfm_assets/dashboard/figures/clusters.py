"""The figures of the page Clusters."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rfm_assets.dashboard import charts
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.chart_links import Leads
from rfm_assets.dashboard.charts import Option
from rfm_assets.dashboard.cluster_labels import MEASURES, colours, labels, told_apart, which
from rfm_assets.dashboard.html_bars import Bar

if TYPE_CHECKING:
    import pandas as pd

AGREEMENTS = {
    "Pairs of customers, beyond chance": charts.SERIES[7],
    "Customers in the matching cluster": charts.SERIES[0],
    "Their number changed": charts.SERIES[1],
}
"""The series of the stability chart, and their colours."""
SCORES = {"silhouette_score": "Silhouette", "inertia": "Inertia", "combined_score": "Combined score"}


def sizes(clusters: "pd.DataFrame") -> list[Bar]:
    """A bar for each cluster, with its number of customers and their share."""
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
    """A box for each cluster: the middle half of its customers, whiskers around nine of ten, a line at the median."""
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
    """The links of a box and its numbers: the customers of its cluster."""
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
    """A score by number of clusters, the chosen one marked; for inertia also the straight line above the elbow."""
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
        series=[_score_curve(tried, score)],
    )


def _score_curve(tried: "pd.DataFrame", score: str) -> Option:
    ks = tried.assign(k=tried["k"].astype(str))  # categories, so that the axis shows no decimals
    points = charts.points(ks, "k", score)
    marks: list[Any] = [{"xAxis": k} for k in ks.loc[ks["chosen"], "k"]]
    if score == "inertia" and len(tried) > 1:
        first, *_, last = ({"coord": point} for point in points)
        marks.append([first | {"lineStyle": {"color": charts.MUTED, "type": "dotted"}}, last])
    return charts.line(
        points,
        name=SCORES[score],
        color=charts.SERIES[0],
        showSymbol=True,
        markLine={
            "silent": True,
            "symbol": "none",
            "label": {"show": False},
            "lineStyle": {"color": charts.SERIES[1]},
            "data": marks,
        },
    )


def stability(days: "pd.DataFrame") -> Option:
    """Agreement of each day with the day before, in percent, and the days on which the number of clusters changed."""
    pairs, customers, _ = AGREEMENTS
    shares = days.assign(pairs=100 * days["adjusted_rand_index"], customers=100 * days["matched_agreement"])
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
                markPoint=_changes(shares),
            ),
        ],
    }


def _changes(shares: "pd.DataFrame") -> Option:
    """A dot on each day on which the number of clusters changed."""
    *_, changes = AGREEMENTS
    changed = shares[shares["k"].fillna(0) != shares["previous_k"].fillna(0)]
    dots = [
        {"coord": point, "name": f"{fmt.day(row['day'])}: from {row['previous_k']:.0f} to {row['k']:.0f} clusters"}
        for point, row in zip(charts.points(changed, "day", "customers"), changed.to_dict("records"), strict=True)
    ]
    return {
        "symbol": "circle",
        "symbolSize": 6,
        "label": {"show": False},
        "itemStyle": {"color": AGREEMENTS[changes]},
        "tooltip": {"trigger": "item", "formatter": "{b}"},
        "data": dots,
    }
