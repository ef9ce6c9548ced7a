"""Segments: who the customers are as of a day, how that has changed, and what to do for each segment."""

from typing import TYPE_CHECKING, Any

import streamlit as st

from rfm_assets.dashboard import charts, drawings
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.figures import segments as figures
from rfm_assets.dashboard.view import View, thinned
from rfm_assets.errors import NothingToShowError

if TYPE_CHECKING:
    import pandas as pd

COMPARED_DAYS = (7, 30)
MOST_POINTS = 200
"""So many days a band is drawn through; a longer history is drawn every other day, every third, and so on."""

HISTORIES = {
    "Customers": ("customers", False),
    "Revenue": ("revenue", False),
    "Share of customers": ("customers", True),
    "Share of revenue": ("revenue", True),
}


def page(view: View) -> None:
    """Draws the page."""
    summary = view.snapshot.frame("segments", as_of=view.as_of, segments=list(view.segments)).set_index("Segment")
    if summary.empty:
        raise NothingToShowError(f"no chosen segment has a customer as of {fmt.day(view.as_of)}: choose others")
    _cards(view)
    _now(summary)
    _over_time(view)
    _performance(summary)


def _cards(view: View) -> None:
    """Totals of the day, each with its change."""
    days = st.segmented_control(
        "Change against",
        COMPARED_DAYS,
        default=COMPARED_DAYS[0],
        required=True,
        format_func=lambda days: f"{days} days before",
        key="segments_against",
        persist_state="session",
    )
    before_day = view.ago(days)
    totals = {
        row["day"]: row
        for row in view.snapshot.rows(
            "segments_totals", as_of=view.as_of, before=before_day, segments=list(view.segments)
        )
    }
    now, before = _with_averages(totals[view.as_of]), _with_averages(totals.get(before_day))
    cards = (
        ("Customers", "customers", fmt.count, "Everybody who has bought so far."),
        ("Active in 30 days", "bought_lately", fmt.count, "Customers whose last order is less than 30 days old."),
        ("Revenue", "revenue", fmt.short_money, "What these customers have spent so far, cancellations left out."),
        ("Orders", "orders", fmt.count, "Their invoices so far."),
        ("Average order", "order_value", fmt.money, "Revenue by orders."),
        ("Revenue per customer", "customer_value", fmt.money, "Revenue by customers."),
    )
    with st.container(horizontal=True, gap="small"):
        for label, key, write, meaning in cards:
            known = now[key] is not None
            value, change = (write(now[key]), fmt.change(now[key], before.get(key))) if known else ("not stored", None)
            st.metric(label, value, change, border=True, help=meaning, height="stretch", width="stretch")
    if now["orders"] is None:
        st.caption(f"Orders, and who bought lately, cannot be shown: {thinned(view.as_of)}.")
    if before_day is None:
        st.caption(f"There is no day {days} days before to compare with: history begins on {fmt.day(view.days[0])}.")
    elif now["orders"] and before and not before["orders"]:
        st.caption(f"Orders, and who bought lately, cannot be compared: {thinned(before_day)}.")


def _with_averages(totals: dict[str, Any] | None) -> dict[str, Any]:
    """The totals of a day with what follows from them: None where the orders are not known."""
    if not totals:
        return {}
    return totals | {
        "order_value": totals["revenue"] / totals["orders"] if totals["orders"] else None,
        "customer_value": totals["revenue"] / totals["customers"],
    }


def _now(summary: "pd.DataFrame") -> None:
    """The day's segments side by side."""
    customers, revenue, medians = st.columns(3, gap="medium")
    with customers:
        st.subheader("Customers", anchor=False)
        bars = figures.bars(summary["Customer_Count"], summary["Pct_of_Customers"], fmt.count)
        drawings.show_bars(bars, alt="Customers in each segment, and their share.", top=drawings.TOP)
    with revenue:
        st.subheader("Revenue", anchor=False)
        bars = figures.bars(summary["Total_Revenue"], summary["Pct_of_Revenue"], fmt.short_money)
        drawings.show_bars(bars, alt="Revenue of each segment, and its share.", top=drawings.TOP)
    with medians:
        st.subheader(
            "Medians",
            anchor=False,
            help="Each column is shaded on its own: the darker, the better. Recency is the days since the last order.",
        )
        alt = "Median recency, frequency and monetary value of each segment."
        drawings.show_shaded(figures.medians(summary), alt=alt)
    st.caption("Shares are of all customers and of all revenue, whatever segments are chosen.")


def _over_time(view: View) -> None:
    """Sizes and revenue up to the day."""
    st.subheader("Over time", anchor=False)
    measure, as_share = HISTORIES[
        st.segmented_control(
            "Measure",
            list(HISTORIES),
            default="Customers",
            required=True,
            key="segments_measure",
            label_visibility="collapsed",
            persist_state="session",
        )
    ]
    every = 1 + (view.as_of - view.days[0]).days // MOST_POINTS
    rows = view.snapshot.frame("segments_history", as_of=view.as_of, every=every, segments=list(view.segments))
    figure = figures.history(rows, measure, as_share=as_share)
    charts.show(figure, key="segments_history", alt=f"{measure} of each segment over time.", height=380)
    charts.legend({charts.short(one): charts.SEGMENT_COLOURS[one] for one in view.segments})


def _performance(summary: "pd.DataFrame") -> None:
    """The table with what to do for each segment."""
    st.subheader("Performance and what to do", anchor=False)
    rows = summary.loc[charts.in_order(list(summary.index))]
    numbers = {
        "Customers": rows["Customer_Count"].map(fmt.count),
        "of customers": rows["Pct_of_Customers"].map(fmt.percent),
        "Revenue": rows["Total_Revenue"].map(fmt.exact_money),
        "of revenue": rows["Pct_of_Revenue"].map(fmt.percent),
        "Mean spent": rows["Avg_Monetary"].map(fmt.exact_money),
        "Mean orders": rows["Avg_Frequency"].map(fmt.mean),
        "Mean days since the last": rows["Avg_Recency"].map(fmt.mean),
    }
    drawings.show_table(
        {"Segment": rows.index, **numbers, "What to do": rows["recommendation"]},
        numbers=numbers,
        alt="Every segment with its size, revenue, means and recommendation.",
    )
