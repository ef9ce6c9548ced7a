"""A customer's top products, for the page Customers."""

from datetime import date

import streamlit as st

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard import html_tables
from rfm_assets.dashboard.html_tables import Numbers
from rfm_assets.dashboard.view import View


def customer_products(view: View, customer: str) -> None:
    """Draws the products, if they were published, and says as of which day."""
    if not view.copy.has("meta.customer_products"):
        return
    rows = view.copy.rows("customer_products", customer=customer)
    if not rows:
        return
    st.markdown("**Top products**")
    st.caption(as_of_words(rows[0]["day"], view.as_of))
    html_tables.show_table(
        {
            "Product": [" · ".join(filter(None, (row["description"], row["code"]))) for row in rows],
            "Gross": Numbers([row["gross"] for row in rows], fmt.exact_money),
            "Units": Numbers([row["units"] for row in rows], fmt.count),
            "Orders": Numbers([row["orders"] for row in rows], fmt.count),
            "Last bought": [fmt.day(row["last_bought"]) for row in rows],
        },
        key="customers_products",
        data=lambda: {title: [row[title] for row in rows] for title in rows[0]},
        alt="The products that the customer spent most on.",
    )


def as_of_words(day: date, shown: date) -> str:
    """The day that the products are as of, which may differ from the page's."""
    if day == shown:
        return f"By gross spend up to {fmt.day(day)}."
    return (
        f"By gross spend up to {fmt.day(day)}, the newest published day, not {fmt.day(shown)}: products are not kept "
        "for earlier days."
    )
