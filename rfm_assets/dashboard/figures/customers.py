"""The figures of the page Customers."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from rfm_assets.dashboard import charts
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.charts import Option
from rfm_assets.dashboard.figure import Data
from rfm_assets.dashboard.legend import Pattern, decal

Rows = Sequence[Mapping[str, Any]]


ORDERS_AND_RETURNS = {"Orders, gross": charts.SERIES[0], "Returned": charts.SERIES[1]}
PATTERNS: dict[str, Pattern] = {"Returned": "stripes"}


def timeline(orders: Rows, returns: Rows, until: date) -> Option:
    """Orders by day, and below the line returns."""
    ordered, returned = ORDERS_AND_RETURNS
    series = []
    for name, rows, amount, sign in ((ordered, orders, "gross", 1), (returned, returns, "returned", -1)):
        by_day: dict[date, Decimal] = {}
        for row in rows:
            by_day[row["day"]] = by_day.get(row["day"], Decimal()) + row[amount]
        points = [[f"{day}", sign * float(money)] for day, money in by_day.items()]
        look = {"color": ORDERS_AND_RETURNS[name], "itemStyle": decal(PATTERNS.get(name))}
        series.append({"type": "bar", "name": name, "stack": "all", "barWidth": 5, "data": points, **look})
    return {
        "grid": {"top": 28},
        # Negative amounts start with their sign, so the currency is shown once, above the axis.
        "tooltip": {"trigger": "axis", "valueFormatter": "%,.2f"},
        "xAxis": charts.days_axis([*(row["day"] for row in (*orders, *returns)), until]),
        "yAxis": {"type": "value", "name": fmt.symbol()},
        "series": series,
    }


def timeline_data(orders: Rows, returns: Rows) -> Data:
    """Each order and each return, oldest first."""
    rows = sorted((*orders, *returns), key=lambda row: row["day"])
    return {
        "Date": [str(row["day"]) for row in rows],
        "Invoice": [str(row["invoice"]) for row in rows],
        "Country": [row.get("country") for row in rows],
        "Gross": [row.get("gross") for row in rows],
        "Returned": [row.get("returned") for row in rows],
    }


def spells(rows: Rows, until: date) -> Option:
    """The segments that a customer has been in up to a day, one thick line per stay."""
    order = charts.in_order([row["segment"] for row in rows])
    ends = [*(row["first_day"] for row in rows[1:]), until + timedelta(days=1)]
    return {
        "tooltip": {},
        "xAxis": charts.days_axis([rows[0]["first_day"], *ends]),
        "yAxis": {"type": "category", "inverse": True, "data": [charts.short(segment) for segment in order]},
        "series": [_stay(row, end) for row, end in zip(rows, ends, strict=True)],
    }


def _stay(row: Mapping[str, Any], end: date) -> Option:
    """A line with an invisible point on each day: only points have tooltips."""
    segment, first, last = row["segment"], fmt.day(row["first_day"]), fmt.day(row["last_day"])
    days = (row["first_day"] + timedelta(days=day) for day in range((end - row["first_day"]).days + 1))
    return charts.line(
        [[f"{day}", charts.short(segment)] for day in days],
        color=charts.SEGMENT_COLOURS[segment],
        lineStyle={"width": 14, "cap": "butt"},
        showSymbol=True,
        showAllSymbol=True,
        symbolSize=14,
        itemStyle={"opacity": 0},
        tooltip={"formatter": f"{segment}<br>{first} to {last}, {fmt.plural(row['days'], 'day')}"},
    )
