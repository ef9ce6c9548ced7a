"""Customers: one customer in full, the list of the chosen segments, and audiences to download."""

from functools import partial

import streamlit as st

from rfm_assets.dashboard import address
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.audience_download import audience_csv, file_name
from rfm_assets.dashboard.hashed_note import show_hashed_note
from rfm_assets.dashboard.screens.customer_panel import OPENED, customer_panel
from rfm_assets.dashboard.screens.customers_list import SEARCH, customers_list
from rfm_assets.dashboard.screens.one_customer import one_customer
from rfm_assets.dashboard.view import View
from rfm_assets.publishing.audience import Audience, Which

MOST_FOUND = 50
HASHED_IDS = (
    "Customer IDs are hashed here (HMAC-SHA256): search for a hash or its first characters. Exports and the files in "
    "`audiences/` use the same hashes."
)
LISTED_DAYS = 7
"""How many days back the downloads look for customers who entered or left a segment."""


def page(view: View) -> None:
    """Draws the page."""
    searched, opened = _search(view), st.query_params.get(OPENED)
    if opened:
        customer_panel(view, opened, address.link(view.as_of, **{OPENED: (), SEARCH: opened}))
    elif searched:
        one_customer(view, searched)
    customers_list(view)
    _take_away(view)


def _search(view: View) -> str | None:
    """The customer whose id was typed, or chosen among ids that start with it."""
    hashed = view.copy.has_hashed_ids()
    left, right = st.columns([3, 2], gap="medium")
    typed = left.text_input(
        "Find a customer",
        key=SEARCH,
        bind="query-params",
        max_chars=100,
        placeholder="Customer ID, or its first digits",
        icon=":material/search:",
    )
    if hashed:
        st.caption(HASHED_IDS)
    begins = (typed or "").strip()
    if not begins:
        return None
    found = view.copy.rows("customers_found", as_of=view.as_of, begins=begins, most=MOST_FOUND + 1)
    names = [str(row["customer"]) for row in found]
    if not names:
        st.info(fmt.md(f"No customer ID starts with {begins} as of {fmt.day(view.as_of)}."))
        return None
    if len(names) == 1 or names[0] == begins:
        return names[0]
    title = f"{len(names)} matches" if len(names) <= MOST_FOUND else f"First {MOST_FOUND} matches"
    return right.selectbox(title, names[:MOST_FOUND], key="customers_found")


def _take_away(view: View) -> None:
    """Draws the download of a segment's list."""
    st.header("Export audience", anchor=False)
    since = view.ago(LISTED_DAYS, view.customer_days)
    kinds: dict[str, Which] = {"Everyone in it": "members"}
    if since:
        kinds |= {f"Joined since {fmt.day(since)}": "entered", f"Left since {fmt.day(since)}": "left"}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        segment = st.selectbox("Segment", view.segments, key="customers_audience", width=300)
        kind = st.selectbox("Who", list(kinds), key="customers_audience_kind", width=240)
        audience = Audience(segment, kinds[kind])
        st.download_button(
            "Export CSV",
            partial(audience_csv, view.copy, view.as_of, since, audience),
            file_name(view.as_of, since, audience),
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            type="primary",
        )
    show_hashed_note(view)
    st.caption("All of these lists are also in `audiences/` of the published folder, as CSV and Parquet.")
