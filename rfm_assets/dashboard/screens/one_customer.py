"""One customer, for the page Customers: values, why they are in their segment, what would move them, and history."""

from collections.abc import Sequence
from html import escape
from typing import Any

import streamlit as st

from rfm_assets.dashboard import charts
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.figures import customers as figures
from rfm_assets.dashboard.palette import themed
from rfm_assets.dashboard.screens.customer_orders import customer_orders
from rfm_assets.dashboard.screens.customer_outlook import customer_outlook
from rfm_assets.dashboard.screens.customer_products import customer_products
from rfm_assets.dashboard.threshold_jumps import breaks, marked
from rfm_assets.dashboard.view import View
from rfm_assets.dashboard.what_if import Customer, Move, Thresholds, moves, segments_query
from rfm_assets.dashboard.why_segment import why_status, why_tier
from rfm_assets.gold.playbooks import aim_for


def one_customer(view: View, customer: str) -> None:
    """Draws a customer on the page, under their ID."""
    with st.container(border=True):
        st.header(f"Customer {fmt.md(customer)}", anchor=False)
        all_of_customer(view, customer)


def all_of_customer(view: View, customer: str) -> None:
    """Draws a customer's values, the reasons for their segment, what would move them, and their past segments."""
    (row,) = view.copy.rows("customers_one", as_of=view.as_of, customer=customer)
    values = Customer(row["recency"], row["frequency"], row["monetary"])
    medians = Thresholds(row["median_monetary"], row["median_frequency"], row["median_recency"])

    def segments_of(customers: Sequence[Customer]) -> list[str]:
        return [found["segment"] for found in view.copy.rows(segments_query(customers), as_of=view.as_of)]

    colour = themed(charts.SEGMENT_COLOURS[row["segment"]])
    st.html(
        f"<div style='border-left:0.7rem solid {colour};padding-left:0.6rem'>"
        f"<b>{escape(row['segment'])}</b><br><span style='color:var(--rfm-muted)'>"
        f"{escape(aim_for(row['segment'], values.recency))}</span></div>"
    )
    _values(values, medians)
    stays = view.copy.rows("customers_spells", as_of=view.as_of, customer=customer)
    customer_outlook(view, customer, row["segment"], stays)
    customer_orders(view, customer)
    customer_products(view, customer)
    why, what = st.columns(2, gap="medium")
    with why:
        _why(values, medians, row["value_tier"], row["engagement_status"])
    with what:
        _what_would_move(moves(values, medians, segments_of))
    _history(view, stays)


def _values(values: Customer, medians: Thresholds) -> None:
    """Draws last order, orders and spend, each with the day's median."""
    cards = (
        ("Last order", fmt.ago(values.recency), f"median {fmt.plural(medians.recency, 'day')}"),
        ("Orders", fmt.plural(values.frequency, "order"), f"median {fmt.plural(medians.frequency, 'order')}"),
        (fmt.spend(), fmt.exact_money(values.monetary), f"median {fmt.exact_money(medians.monetary)}"),
    )
    with st.container(horizontal=True, gap="small"):
        for label, value, median in cards:
            st.metric(label, value, median, delta_color="off", delta_arrow="off", border=True)


def _why(values: Customer, medians: Thresholds, tier: str, status: str) -> None:
    """Draws the segment rule with this customer's numbers."""
    st.markdown("**Why they are in this segment**")
    why = {tier: why_tier(values, medians, tier), status: why_status(values, medians)}
    st.markdown("\n".join(f"- **{name}**: {fmt.md(reason)}" for name, reason in why.items()))


def _what_would_move(ways: list[Move]) -> None:
    """Draws every way out of the segment, the smallest step of each kind."""
    st.markdown("**What would move them**")
    if not ways:
        st.markdown("Nothing: neither time nor more orders, by this day's thresholds.")
        return
    st.markdown("\n".join(f"- {fmt.md(step(way))}: **{way.segment}**" for way in ways))
    st.caption("For orders placed on this day, by its thresholds, which shift as other customers order or wait.")


def step(way: Move) -> str:
    """What has to happen, in words, such as `12 more days without an order`."""
    if way.days:
        return f"{fmt.plural(way.days, 'more day')} without an order"
    orders = "One more order" if way.orders == 1 else f"{way.orders} more orders"
    if way.amount == Move.amount:
        return orders
    return f"{orders} of {fmt.exact_money(way.amount)} or more{' altogether' if way.orders > 1 else ''}"


def _history(view: View, rows: list[dict[str, Any]]) -> None:
    """Draws the customer's segments up to the day."""
    st.markdown("**Segment history**")
    height = 66 + 30 * len({row["segment"] for row in rows})
    alt = f"The segments of the customer over time, {fmt.plural(len(rows), 'stay')}."
    figure = marked(figures.spells(rows, view.as_of), breaks(view, rows[0]["first_day"]))
    charts.show(figure, key="customers_history", alt=alt, height=height)
    known = [day for day in view.days if rows[0]["first_day"] <= day <= view.as_of]
    if missing := len(set(known) - set(view.customer_days)):
        st.caption(
            f"Customers of {missing} of these {len(known)} days are not stored (`thin_snapshots` deletes those of old "
            "days): on such days the chart repeats the segment of the stored day before."
        )
