"""The part of the page Proof about segments: what the customers of each did next."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from rfm_assets.config import in_force
from rfm_assets.dashboard import charts, html_bars, html_tables
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.charts import SEGMENT_COLOURS
from rfm_assets.dashboard.customer_links import segment_link
from rfm_assets.dashboard.html_bars import Bar
from rfm_assets.dashboard.html_tables import Numbers
from rfm_assets.dashboard.view import View

Row = Mapping[str, Any]
"""A segment's outcome, a row of `queries/proof_outcomes.sql`."""


def proof_segments(view: View, days: int) -> None:
    """Draws the outcomes for the newest cut that was followed for `days`."""
    found = {row["segment"]: row for row in view.copy.rows("proof_outcomes", as_of=view.as_of, horizon=days)}
    st.header("What each segment did next", anchor=False)
    if not found:
        st.caption("Not enough history yet.")
        return
    rows = [found[segment] for segment in charts.in_order(list(found))]
    cut = rows[0]["as_of_date"]
    st.caption(
        f"The segments of {fmt.day(cut)}, followed to {fmt.day(rows[0]['measured_on'])}. Lift: "
        "revenue per customer relative to all customers; 1.0x is the mean. In brackets, 95% intervals."
    )
    leads = [segment_link(cut, row["segment"]) if cut in view.customer_days else "" for row in rows]
    _lifts(rows, leads)
    _outcomes(rows, leads)


def _lifts(rows: Sequence[Row], leads: Sequence[str]) -> None:
    html_bars.show_bars(
        [
            Bar(
                charts.short(row["segment"]),
                row["lift"],
                _lift(row),
                SEGMENT_COLOURS[row["segment"]],
                row["segment"],
                to=lead,
            )
            for row, lead in zip(rows, leads, strict=True)
            if row["lift"] is not None
        ],
        key="proof_lift",
        alt="Lift of each segment.",
    )


def _outcomes(rows: Sequence[Row], leads: Sequence[str]) -> None:
    html_tables.show_table(
        {
            "Segment": [row["segment"] for row in rows],
            "Customers": Numbers([row["customers"] for row in rows], fmt.count),
            "Bought": Numbers([row["buyers"] for row in rows], fmt.count),
            "Share who bought": Numbers(rows, _rate),
            f"Revenue, {in_force.segments().monetary}": Numbers(rows, _revenue),
            "Lift": Numbers(rows, lambda row: "not known" if row["lift"] is None else _lift(row)),
        },
        to={"Segment": leads},
        key="proof_outcomes",
        data=lambda: {title: [row[title] for row in rows] for title in rows[0]},
        alt="What each segment did next, with intervals.",
    )


def _rate(row: Row) -> str:
    return f"{fmt.percent(row['rate'])} ({fmt.percent(row['rate_low'])} to {fmt.percent(row['rate_high'])})"


def _revenue(row: Row) -> str:
    low, high = fmt.brief_money(row["revenue_low"]), fmt.brief_money(row["revenue_high"])
    return f"{fmt.brief_money(row['revenue'])} ({low} to {high})"


def _lift(row: Row) -> str:
    lift = f"{row['lift']:.1f}x"
    return lift if row["lift_low"] is None else f"{lift} ({row['lift_low']:.1f} to {row['lift_high']:.1f})"
