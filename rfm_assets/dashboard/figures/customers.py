"""The figure of the page Customers."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from rfm_assets.dashboard import charts
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.charts import Option


def spells(rows: Sequence[Mapping[str, Any]], until: date) -> Option:
    """The segments a customer has been in to the end of a day, one thick line for each stay."""
    order = charts.in_order([row["segment"] for row in rows])
    ends = [*(row["first_day"] for row in rows[1:]), until + timedelta(days=1)]
    return {
        "tooltip": {},
        "xAxis": charts.days_axis([rows[0]["first_day"], *ends]),
        "yAxis": {"type": "category", "inverse": True, "data": [charts.short(segment) for segment in order]},
        "series": [_stay(row, end) for row, end in zip(rows, ends, strict=True)],
    }


def _stay(row: Mapping[str, Any], end: date) -> Option:
    """A line with an unseen point on each day: only points tell what they are."""
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
