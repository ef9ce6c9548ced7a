"""One customer in a panel over the list, which stays as it is."""

import streamlit as st

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.links import show_links
from rfm_assets.dashboard.screens.one_customer import all_of_customer
from rfm_assets.dashboard.view import View

OPENED = "opened"
"""The panel's customer in the URL."""
ON_THE_PAGE = "Show on the page, where the date can be changed"


def customer_panel(view: View, customer: str, on_the_page: str) -> None:
    """Draws everything about a customer; `on_the_page` is the URL of the customer's own page."""

    @st.dialog(f"Customer {fmt.md(customer)}", width="medium", position="right", on_dismiss=_close)
    def panel() -> None:
        if view.copy.rows("customers_one", as_of=view.as_of, customer=customer):
            show_links({ON_THE_PAGE: on_the_page})
            all_of_customer(view, customer)
        else:
            st.info(fmt.md(f"No customer has the ID {customer} as of {fmt.day(view.as_of)}."))

    panel()


def _close() -> None:
    """Removes the customer from the URL."""
    st.query_params.pop(OPENED, None)
