"""A customer's orders and returns by day, for the page Customers."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import streamlit as st

from rfm_assets.dashboard import charts
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.figures import customers as figures
from rfm_assets.dashboard.threshold_jumps import breaks, explain, marked
from rfm_assets.dashboard.view import View

Orders = Sequence[dict[str, Any]]


def customer_orders(view: View, customer: str) -> None:
    """Draws the average order, the country, and a timeline of orders and returns, if they were published."""
    if not view.copy.has("silver.invoices"):
        return
    orders = view.copy.rows("customer_orders", as_of=view.as_of, customer=customer)
    if not orders:
        return
    has_returns = view.copy.has("silver.returns")
    returns = view.copy.rows("customer_returns", as_of=view.as_of, customer=customer) if has_returns else []
    st.markdown("**Orders and returns**")
    st.markdown(fmt.md(in_words(orders)))
    found = breaks(view, orders[0]["day"])
    explain(found)
    charts.show(
        marked(figures.timeline(orders, returns, view.as_of), found),
        key="customers_orders",
        alt="Orders and returns of the customer by day.",
        height=230,
        colours=figures.ORDERS_AND_RETURNS,
        patterns=figures.PATTERNS,
        data=figures.timeline_data(orders, returns),
    )


def in_words(orders: Orders) -> str:
    """The orders in words: number, first day, average and country, such as `6 orders since ..., £402.16 gross ...`."""
    gross = sum(order["gross"] for order in orders)
    countries = Counter(order["country"] or "an unknown country" for order in orders).most_common()
    others = f" and {fmt.plural(len(countries) - 1, 'other country', 'other countries')}" if len(countries) > 1 else ""
    return (
        f"{fmt.plural(len(orders), 'order')} since {fmt.day(orders[0]['day'])}, "
        f"{fmt.exact_money(gross / len(orders))} gross on average, from {countries[0][0]}{others}."
    )
