"""Growth, drawn: customers by day, sales by month, countries, and how many customers of a month come back."""

from collections.abc import Hashable, Mapping
from math import isnan
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from rfm_assets.dashboard import charts
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.charts import MUTED, SERIES
from rfm_assets.dashboard.drawings import Bar, Cell, Shaded
from rfm_assets.dashboard.figures.days import on_days
from rfm_assets.settings import settings

if TYPE_CHECKING:
    import pandas as pd

_FEW_MONTHS = 4
_TO_DATE = "to date"


def customers_by_day(days: "pd.DataFrame") -> go.Figure:
    """Customers so far, and those who bought for the first time, day by day."""
    figure = charts.panels("Customers so far", "New customers")
    figure.add_scatter(
        row=1,
        col=1,
        x=days["day"],
        y=days["customers"],
        mode="lines" if len(days) > 1 else "markers",
        line={"shape": "hv", "color": SERIES[0], "width": 2.5},
        fill="tozeroy",
        fillcolor="rgba(47, 116, 181, 0.12)",
        hovertemplate="%{x|%-d %b %Y}<br>%{y:,} customers<extra></extra>",
    )
    figure.add_bar(
        row=2,
        col=1,
        x=days["day"],
        y=days["new_customers"],
        marker={"color": SERIES[0], "line": {"width": 0}},
        hovertemplate="%{x|%-d %b %Y}<br>%{y:,} new<extra></extra>",
    )
    figure.update_layout(bargap=0, showlegend=False)
    return on_days(figure, days["day"]).update_yaxes(rangemode="tozero", tickformat=",")


def by_month(months: "pd.DataFrame") -> go.Figure:
    """Revenue with its change, customers who bought, and what each spent: bars for the months, below each other."""
    measures = {
        "revenue": ("Revenue", settings().currency),
        "customers": ("Active customers", ""),
        "revenue_per_customer": ("Revenue per active customer", settings().currency),
    }
    figure = charts.panels(*(title for title, _ in measures.values()))
    for row, (column, (_, unit)) in enumerate(measures.items(), start=1):
        figure.add_trace(_month_bars(months, column, unit), row=row, col=1)
        figure.update_yaxes(tickprefix=unit, row=row)
    figure.update_traces(text=month_labels(months), row=1)
    # Few months: a tick for each, so that none falls between two.
    figure.update_xaxes(tickformat="%b\n%Y", tickangle=0, dtick="M1" if len(months) <= _FEW_MONTHS else None)
    return figure.update_yaxes(rangemode="tozero", tickformat="~s").update_layout(showlegend=False)


def _month_bars(months: "pd.DataFrame", column: str, unit: str) -> go.Bar:
    """A bar for each month, hollow and hatched where the month is not complete, so that it is not read as a fall."""
    complete = months["complete"]
    return go.Bar(
        x=months["month"],
        y=months[column],
        marker={
            "color": [SERIES[0] if whole else "white" for whole in complete],
            "line": {"color": SERIES[0], "width": 1.5},
            "pattern": {
                "shape": ["" if whole else "/" for whole in complete],
                "fgcolor": [SERIES[0]] * len(months),
                "size": 6,
                "solidity": 0.2,
            },
        },
        textposition="outside",
        textangle=0,
        textfont={"size": 11, "color": MUTED},
        cliponaxis=False,
        customdata=["" if whole else " (not complete)" for whole in complete],
        hovertemplate=f"%{{x|%B %Y}}%{{customdata}}<br>{unit}%{{y:,.0f}}<extra></extra>",
    )


def month_labels(months: "pd.DataFrame") -> list[str]:
    """What stands above a month: its change on the month before, or that it is not complete."""
    return [
        f"{change:+.0f} %" if change == change else "" if complete else _TO_DATE if last else "partial"  # noqa: PLR0124 - NaN
        for change, complete, last in zip(
            months["change"], months["complete"], months["month"] == months["month"].max(), strict=True
        )
    ]


def countries(top: "pd.DataFrame") -> list[Bar]:
    """Revenue by country, the largest on top."""
    return [
        Bar(country, float(revenue), f"{fmt.short_money(revenue)} · {fmt.percent(share)}", SERIES[0])
        for country, revenue, share in zip(top["country"], top["revenue"], top["share"], strict=True)
    ]


def cohorts(found: "pd.DataFrame") -> Shaded:
    """Retention: a line for each month of first purchase, a column for each month since; blank while it is not over."""
    blank = found.astype({"customers": float})  # with NaN where it is
    rows = [row for row in blank.to_dict("records") if row["age"] and not isnan(row["customers"])]
    most = max((row["customers"] / row["size"] for row in rows), default=0) or 1

    def cell(row: Mapping[Hashable, Any]) -> Cell:
        if isnan(row["customers"]):  # not over
            return Cell("", None)
        share = row["customers"] / row["size"]
        hint = (
            f"First bought in {row['cohort']:%B %Y}: {fmt.plural(row['age'], 'month')} later "
            f"{fmt.count(row['customers'])} of them bought, {fmt.percent(100 * share)}"
        )
        return Cell(f"{100 * share:.0f}", min(share / most, 1), hint)

    return Shaded(
        [(str(age), "") for age in sorted(blank["age"].unique())],
        [
            (
                f"{month:%b %y}{'' if of_month['complete'].iloc[0] else '*'} ({fmt.count(of_month['size'].iloc[0])})",
                [cell(row) for row in of_month.sort_values("age").to_dict("records")],
            )
            for month, of_month in blank.groupby("cohort")
        ],
    )
