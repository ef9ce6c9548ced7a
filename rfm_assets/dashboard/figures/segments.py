"""The figures of the page Segments."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rfm_assets.dashboard import charts
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.charts import Option
from rfm_assets.dashboard.figure import Data
from rfm_assets.dashboard.html_tables import Cell, Link, Shaded

if TYPE_CHECKING:
    import pandas as pd

MEASURES = {
    "Med_Recency": ("Recency", "days", fmt.count),
    "Med_Frequency": ("Frequency", "orders", fmt.count),
    "Med_Monetary": ("Monetary", "spent", fmt.money),
}
"""The table's columns: title, unit, and format."""


def medians(summary: "pd.DataFrame") -> Shaded:
    """Median recency, frequency and monetary value, each shaded from its own worst to its own best.

    The column `to` of the summary is a segment's URL.
    """
    segments = charts.in_order(list(summary.index))
    columns = []
    for measure, (_, unit, write) in MEASURES.items():
        numbers = [float(number) for number in summary[measure].reindex(segments)]
        shades = _shades(numbers, measure)
        columns.append(
            [
                Cell(write(number), shade, f"{write(number)} {unit}")
                for number, shade in zip(numbers, shades, strict=True)
            ]
        )
    lines = zip(*columns, strict=True)
    return Shaded(
        [(title, unit) for title, unit, _ in MEASURES.values()],
        [
            (Link(charts.short(segment), str(summary.loc[segment, "to"])), line)
            for segment, line in zip(segments, lines, strict=True)
        ],
    )


def medians_data(summary: "pd.DataFrame") -> Data:
    """The numbers of that table."""
    rows = summary.loc[charts.in_order(list(summary.index))]
    titles = {measure: f"{title}, {unit}" for measure, (title, unit, _) in MEASURES.items()}
    return {"Segment": list(rows.index), **{title: list(rows[measure]) for measure, title in titles.items()}}


def history(rows: "pd.DataFrame", measure: str, *, everybody: bool) -> Option:
    """Segments over time, one band each; `everybody`: the shares of all segments add up to 100 %."""
    days = rows.pivot_table(index="day", columns="segment", values=measure, aggfunc="sum").fillna(0).reset_index()
    money, as_share = measure == "revenue", measure.endswith("_share")
    label = f"{fmt.symbol() if money else ''}{{value}}{'%' if as_share else ''}"
    write = fmt.printf_money(0) if money else "%.1f%%" if as_share else "%,.0f"
    return {
        "tooltip": {"trigger": "axis", "order": "seriesDesc", "valueFormatter": write},
        "xAxis": charts.days_axis(days["day"]),
        "yAxis": {"type": "value", "max": 100 if as_share and everybody else None, "axisLabel": {"formatter": label}},
        "series": [
            charts.line(
                charts.points(days, "day", segment),
                name=charts.short(segment),
                stack="all",
                color=charts.SEGMENT_COLOURS[segment],
                lineStyle={"width": 0.5, "color": "white"},
                areaStyle={"opacity": 1},
            )
            for segment in reversed(charts.in_order(list(days.columns)))
        ],
    }


def _shades(values: Sequence[float], measure: str) -> list[float]:
    """0 for the worst to 1 for the best; fewer days since the last order are better."""
    least, most = min(values, default=0), max(values, default=0)
    shades = [(value - least) / (most - least) if most > least else 0.5 for value in values]
    return [1 - shade for shade in shades] if measure == "Med_Recency" else shades
