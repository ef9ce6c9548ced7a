"""The figures of the page Growth: customers by day, sales by month, and countries."""

from collections.abc import Callable, Sequence
from math import isnan

import pandas as pd

from rfm_assets.dashboard import charts
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.chart_links import Leads
from rfm_assets.dashboard.charts import MUTED, SERIES, Option
from rfm_assets.dashboard.figure import Data
from rfm_assets.dashboard.html_bars import Bar

MONTHLY = {
    "revenue": "Sales",
    "customers": "Known customers who bought",
    "revenue_per_customer": "Sales per known customer who bought",
}
"""The measures of a month, with their titles."""
LABELS_BY_WIDTH: charts.Widths = (
    {"series": [{"label": {"rotate": 90, "align": "left", "verticalAlign": "middle"}}], "grid": {"top": 80}},
    {"series": [{"label": {"rotate": 0, "align": "center", "verticalAlign": "bottom"}}], "grid": {"top": 40}},
)
"""On a narrow screen, the labels above months are vertical: horizontal ones would overlap."""
COMPLETE = "Complete"
_MONTH = "%b\n%Y"
_HOLLOW = {
    "color": "white",
    "borderColor": SERIES[0],
    "borderWidth": 1.5,
    "decal": {"color": SERIES[0], "dashArrayX": [1, 0], "dashArrayY": [1, 6], "rotation": 0.785},
}


def customers_so_far(days: pd.DataFrame) -> Option:
    """Known customers by the end of each day."""
    look = {"name": "Known customers", "step": "end", "color": SERIES[0], "areaStyle": {"opacity": 0.12}}
    line = charts.line(charts.points(days, "day", "customers"), **look)
    return charts.day_panel("Known customers so far", days["day"], line)


def new_customers(days: pd.DataFrame) -> Option:
    """Customers who bought for the first time on each day."""
    bars = charts.day_bars(charts.points(days, "day", "new_customers"), name="New", color=SERIES[0])
    return charts.day_panel("New known customers", days["day"], bars)


def by_month(months: pd.DataFrame, measure: str, *, changes: bool = False) -> Option:
    """A measure's bars; hatched for an incomplete month, so that it does not read as a fall.

    With `changes`, the texts of `month_labels` are above them. A month without a number leaves a gap.
    """
    symbol = "" if measure == "customers" else fmt.symbol()
    step, unit = fmt.step_of(months[measure].max())
    labels = month_labels(months) if changes else [""] * len(months)
    axis = [f"{month:{_MONTH}}" for month in pd.date_range(months["month"].min(), months["month"].max(), freq="MS")]
    return charts.panel(
        MONTHLY[measure],
        tooltip={"formatter": "{@[2]}"},
        xAxis={"type": "category", "data": axis, "axisLabel": {"lineHeight": charts.LABEL}},
        yAxis={"type": "value", "axisLabel": {"formatter": f"{symbol}{{value}}{unit}"}},
        series=[
            {
                "type": "bar",
                "label": {"position": "top", "color": MUTED, "fontSize": 11},
                "labelLayout": {"hideOverlap": True},
                "data": _bars(months, measure, step, labels),
            }
        ],
    )


def _bars(months: pd.DataFrame, measure: str, step: int, labels: Sequence[str]) -> list[Option]:
    """A bar for each month with a number, its height in units of the axis."""
    write = fmt.count if measure == "customers" else fmt.money
    return [
        {
            "value": [f"{month:{_MONTH}}", number / step, f"{month:%B %Y}: {write(number)}"],
            "itemStyle": {"color": SERIES[0]} if complete else _HOLLOW,
            "label": {"show": bool(label), "formatter": label},
        }
        for month, number, complete, label in zip(
            months["month"], months[measure], months["complete"], labels, strict=True
        )
        if not isnan(number)
    ]


def months_data(months: pd.DataFrame, measure: str) -> Data:
    """The numbers of a measure's bars."""
    return {
        "Month": [f"{month:%Y-%m}" for month in months["month"]],
        MONTHLY[measure]: months[measure].tolist(),
        COMPLETE: ["yes" if complete else "no" for complete in months["complete"]],
    }


def month_labels(months: pd.DataFrame) -> list[str]:
    """The text above each month: its change on the month before, or that it is incomplete."""
    return [
        f"{change:+.0f}%" if not isnan(change) else "" if complete else "Month to date" if running else "Partial month"
        for change, complete, running in zip(
            months["change"].astype(float), months["complete"], months["running"], strict=True
        )
    ]


def month_leads(months: pd.DataFrame, link: Callable[[str], str]) -> Leads:
    """The links of a month's bar and of its row in the chart's table; `link` takes a month, such as `2025-06`."""
    by_name = {f"{month:%b %Y}": f"{month:%Y-%m}" for month in months["month"]}
    return lambda month, column: "" if column == COMPLETE else link(by_name.get(month, month))


def countries(top: pd.DataFrame, link: Callable[[str], str] | None = None) -> list[Bar]:
    """Sales by country, the largest on top; `link` gives a country's URL."""
    return [
        Bar(
            country,
            float(revenue),
            f"{fmt.short_money(revenue)} · {fmt.percent(share)}",
            SERIES[0],
            to=link(country) if link else "",
        )
        for country, revenue, share in zip(top["country"], top["revenue"], top["share"], strict=True)
    ]
