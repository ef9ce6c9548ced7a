"""Segments: who the customers are as of a day, how that changed, and what to do for each segment."""

from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from rfm_assets.dashboard import address, charts, html_tables
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.customer_links import segment_link
from rfm_assets.dashboard.figures import segments as figures
from rfm_assets.dashboard.html_tables import Link, Numbers
from rfm_assets.dashboard.screens.segments_cards import segments_cards
from rfm_assets.dashboard.screens.segments_map import segments_map
from rfm_assets.dashboard.screens.segments_playbooks import segments_playbooks
from rfm_assets.dashboard.threshold_jumps import breaks, explain, marked
from rfm_assets.dashboard.view import View
from rfm_assets.errors import NothingToShowError

if TYPE_CHECKING:
    import pandas as pd

MOST_POINTS = 200
"""The most points of a band; a longer history is drawn every other day, every third, and so on."""

HISTORIES = {
    "Customers": "customers",
    "Lifetime revenue": "revenue",
    "Share of customers": "customers_share",
    "Share of lifetime revenue": "revenue_share",
}
"""The columns to draw over time, by the name shown."""


def page(view: View) -> None:
    """Draws the page."""
    summary = view.copy.frame("segments", as_of=view.as_of, segments=list(view.segments)).set_index("Segment")
    if summary.empty:
        raise NothingToShowError(f"the chosen segments have no customers as of {fmt.day(view.as_of)}: choose others")
    period = segments_cards(view)
    shown = segments_map(view, summary, period.before)
    _over_time(view)
    _performance(shown)
    segments_playbooks(charts.in_order(list(shown.index)))


def _over_time(view: View) -> None:
    """Draws sizes and revenue up to the day."""
    st.header("Over time", anchor=False)
    if view.as_of == view.days[0]:
        st.caption(f"{fmt.day(view.as_of)} is the first day: no history yet.")
        return
    title = address.choice(
        "Measure",
        list(HISTORIES),
        key="segments_measure",
        what="measure",
        default="Customers",
        label_visibility="collapsed",
    )
    every = 1 + (view.as_of - view.days[0]).days // MOST_POINTS
    rows = view.copy.frame("segments_history", as_of=view.as_of, every=every, segments=list(view.segments))
    figure = figures.history(rows, HISTORIES[title], everybody=view.all_segments)
    figure = _with_breaks(view, figure)
    colours = {charts.short(one): charts.SEGMENT_COLOURS[one] for one in view.segments}
    alt = f"{title} of each segment over time."
    by_name = {charts.short(one): one for one in view.segments}
    stored = {str(day) for day in view.customer_days}

    def leads(day: str, name: str) -> str:
        return segment_link(date.fromisoformat(day), by_name[name]) if day in stored else ""

    charts.show(figure, key="segments_history", alt=alt, height=380, colours=colours, leads=leads)


def _with_breaks(view: View, figure: charts.Option) -> charts.Option:
    """The chart with threshold jumps and policy changes marked, if there are any and the reader wants them."""
    found = breaks(view)
    if not found:
        return figure
    address.say_what_is_unknown("segments_jumps", "threshold shifts", address.YES_OR_NO, "they are")
    if not st.toggle("Mark threshold shifts", value=True, key="segments_jumps", bind="query-params"):
        return figure
    explain(found)
    return marked(figure, found)


def _performance(summary: "pd.DataFrame") -> None:
    """Draws the table of size and revenue of each segment."""
    st.header("Performance", anchor=False)
    rows = summary.loc[charts.in_order(list(summary.index))]
    html_tables.show_table(
        {
            "Segment": [Link(one, to) for one, to in zip(rows.index, rows["to"], strict=True)],
            "Customers": Numbers(rows["Customer_Count"], fmt.count),
            "% of customers": Numbers(rows["Pct_of_Customers"], fmt.percent),
            "Lifetime revenue": Numbers(rows["Total_Revenue"], fmt.exact_money),
            "% of lifetime revenue": Numbers(rows["Pct_of_Revenue"], fmt.percent),
            "Avg. spend": Numbers(rows["Avg_Monetary"], fmt.exact_money),
            "Avg. orders": Numbers(rows["Avg_Frequency"], fmt.mean),
            "Avg. days since last order": Numbers(rows["Avg_Recency"], fmt.mean),
        },
        key="segments_performance",
        alt="Every segment with its size, revenue and averages.",
    )
