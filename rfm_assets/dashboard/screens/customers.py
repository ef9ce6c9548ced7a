"""Customers: one with everything about it, and the list of the chosen segments to sort, page and take away."""

from functools import cache, partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from rfm_assets.dashboard import columns
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.screens.one_customer import one_customer
from rfm_assets.dashboard.takeaway import audience_csv, file_name
from rfm_assets.dashboard.view import View
from rfm_assets.publishing.audiences import Audience, Which
from rfm_assets.warehouse.query import Query, sql

if TYPE_CHECKING:
    import pandas as pd

SEARCH = "customer"
MOST_FOUND = 50
ORDERS = {
    "most spent": "monetary DESC",
    "least spent": "monetary",
    "most orders": "frequency DESC",
    "fewest orders": "frequency",
    "most recent": "recency",
    "least recent": "recency DESC",
    "id": "customer",
}
ROWS_A_PAGE = 25
HASHED_IDS = (
    "Customers' ids are hashed here (HMAC-SHA256): search for a hash or how it begins. Lists to take away and those in "
    "`audiences/` have the same hashes."
)
LISTED_DAYS = 7
"""Since so many days before, customers entered or left a segment in the lists to take away."""


def page(view: View) -> None:
    """Draws the page."""
    if customer := _search(view):
        one_customer(view, customer)
    _list(view)
    _take_away(view)


def _search(view: View) -> str | None:
    """The customer whose id was typed, or chosen among those whose id begins like it."""
    hashed = view.snapshot.has_hashed_ids()
    left, right = st.columns([3, 2], gap="medium")
    typed = left.text_input(
        "Find a customer",
        key=SEARCH,
        bind="query-params",
        max_chars=100,
        placeholder="An id or how it begins; or choose a row below",
        icon=":material/search:",
    )
    if hashed:
        st.caption(HASHED_IDS)
    begins = (typed or "").strip()
    if not begins:
        return None
    found = view.snapshot.rows("customers_found", as_of=view.as_of, begins=begins, most=MOST_FOUND + 1)
    names = [str(row["customer"]) for row in found]
    if not names:
        st.info(fmt.md(f"No customer's id begins with {begins} as of {fmt.day(view.as_of)}."))
        return None
    if len(names) == 1 or names[0] == begins:
        return names[0]
    title = f"{len(names)} ids begin so" if len(names) <= MOST_FOUND else f"The first {MOST_FOUND} that begin so"
    return right.selectbox(title, names[:MOST_FOUND], key="customers_found")


def _list(view: View) -> None:
    """The customers of the chosen segments, a page at a time."""
    chosen: dict[str, Any] = {"as_of": view.as_of, "segments": list(view.segments)}
    total = int(view.snapshot.rows("customers_counted", **chosen)[0]["customers"])
    where = "all segments" if view.all_segments else fmt.plural(len(view.segments), "segment")
    st.subheader(f"{fmt.plural(total, 'customer')} in {where}", anchor=False)
    if not total:
        st.info("None of the chosen segments has a customer on this day: choose others.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        order = st.selectbox("Order by", list(ORDERS), key="customers_order", width=170, persist_state="session")
        pages = -(-total // ROWS_A_PAGE)
        number = st.number_input(f"Page, of {fmt.count(pages)}", 1, pages, key="customers_page", width=170)
    _table(view.snapshot.frame(listed(order), rows=ROWS_A_PAGE, skipped=ROWS_A_PAGE * (number - 1), **chosen))


@cache
def listed(order: str) -> Query:
    """A page of the list. By a plain column, so that the first rows are found without sorting all of them."""
    return Query(
        f"SELECT * FROM customers_listed ORDER BY {ORDERS[order]}, customer LIMIT $rows OFFSET $skipped",
        {"customers_listed": sql("rfm_assets.dashboard", "queries/customers_listed")},
    )


def _table(rows: "pd.DataFrame") -> None:
    """A page of the list; a row that is chosen is searched for."""
    shown = {
        "customer": st.column_config.TextColumn("Customer", pinned=True),
        "segment": st.column_config.TextColumn("Segment"),
        "recency": columns.count("Days since the last order"),
        "frequency": columns.count("Orders"),
        "monetary": columns.money("Spent"),
    }
    columns.table(
        rows,
        shown,
        key="customers_table",
        on_select=partial(_search_row, list(rows["customer"])),
        selection_mode="single-row",
        alt="A page of customers, each with its segment and values.",
    )


def _search_row(customers: list[str]) -> None:
    """Searches for the customer of the chosen row."""
    chosen = st.session_state["customers_table"].selection.rows
    if chosen:
        st.session_state[SEARCH] = customers[chosen[0]]


def _take_away(view: View) -> None:
    """A segment's list as a file."""
    st.subheader("Take a list away", anchor=False)
    since = view.ago(LISTED_DAYS, view.customer_days)
    kinds: dict[str, Which] = {"Everybody in it": "members"}
    if since:
        kinds |= {f"Entered since {fmt.day(since)}": "entered", f"Left since {fmt.day(since)}": "left"}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        segment = st.selectbox("Segment", view.segments, key="customers_audience", width=300)
        kind = st.selectbox("Who", list(kinds), key="customers_audience_kind", width=240)
        audience = Audience(segment, kinds[kind])
        st.download_button(
            "Download CSV",
            partial(audience_csv, view.snapshot, view.as_of, since, audience),
            file_name(view.as_of, since, audience),
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            type="primary",
        )
    st.caption("The same lists, all of them and as Parquet too, are in `audiences/` where snapshots are published.")
