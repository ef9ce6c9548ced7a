"""Customers: one with everything about it, and the list of the chosen segments to sort, page and take away."""

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from rfm_assets.dashboard import charts, columns
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.figures import customers as figures
from rfm_assets.dashboard.moves import Customer, Move, Thresholds, moves
from rfm_assets.dashboard.takeaway import audience_csv, file_name
from rfm_assets.dashboard.view import View
from rfm_assets.publishing.audiences import Audience, Which

if TYPE_CHECKING:
    import pandas as pd

SEARCH = "customer"
MOST_FOUND = 50
ORDERS = ("most spent", "least spent", "most orders", "fewest orders", "most recent", "least recent", "id")
ROWS_A_PAGE = 25
LISTED_DAYS = 7
"""Since so many days before, customers entered or left a segment in the lists to take away."""


def page(view: View) -> None:
    """Draws the page."""
    if customer := _search(view):
        _one(view, customer)
    _list(view)
    _take_away(view)


def _search(view: View) -> str | None:
    """The customer whose id was typed, or chosen among those whose id begins like it."""
    left, right = st.columns([3, 2], gap="medium")
    typed = left.text_input(
        "Find a customer",
        key=SEARCH,
        bind="query-params",
        max_chars=100,
        placeholder="An id or how it begins; or choose a row below",
        icon=":material/search:",
    )
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


def _one(view: View, customer: str) -> None:
    """A customer's values, why it is where it is, what would move it, and where it has been."""
    (row,) = view.snapshot.rows("customers_one", as_of=view.as_of, customer=customer)
    values = Customer(row["recency"], row["frequency"], row["monetary"])
    medians = Thresholds(row["median_monetary"], row["median_frequency"], row["median_recency"])
    with st.container(border=True):
        st.subheader(f"Customer {fmt.md(customer)}", anchor=False)
        st.html(
            f"<div style='border-left:0.7rem solid {charts.SEGMENT_COLOURS[row['segment']]};padding-left:0.6rem'>"
            f"<b>{row['segment']}</b><br><span style='color:{charts.MUTED}'>{row['recommendation']}</span></div>"
        )
        _values(values, medians)
        why, what = st.columns(2, gap="medium")
        with why:
            _why(values, medians)
        with what:
            _what_would_move(moves(values, medians))
        _history(view, customer)


def _values(values: Customer, medians: Thresholds) -> None:
    """Recency, frequency and monetary value, each with the day's median."""
    cards = (
        ("Recency", fmt.plural(values.recency, "day"), f"median {fmt.plural(medians.recency, 'day')}"),
        ("Frequency", fmt.plural(values.frequency, "order"), f"median {fmt.plural(medians.frequency, 'order')}"),
        ("Monetary", fmt.exact_money(values.monetary), f"median {fmt.exact_money(medians.monetary)}"),
    )
    with st.container(horizontal=True, gap="small"):
        for label, value, median in cards:
            st.metric(label, value, median, delta_color="off", delta_arrow="off", border=True)


def _why(values: Customer, medians: Thresholds) -> None:
    """The rule, with this customer's numbers in it."""
    spent, median = fmt.exact_money(values.monetary), fmt.exact_money(medians.monetary)
    tier, status = values.value_tier(medians), values.engagement_status(medians)
    compared = {
        "High Value": f"more than twice the median of {median}",
        "Growing Value": f"more than the median of {median}, but not more than twice as much",
        "Base Value": f"not more than the median of {median}",
    }[tier]
    frequent = "more than" if values.frequency > medians.frequency else "not more than"
    recent = "less than" if values.recency < medians.recency else "not less than"
    orders = f"{fmt.plural(values.frequency, 'order')}, {frequent} the median of {fmt.count(medians.frequency)}"
    last = f"the last {fmt.plural(values.recency, 'day')} ago, {recent} the median of {fmt.count(medians.recency)}"
    st.markdown("**Why it is here**")
    st.markdown(
        f"- **{tier}**: {fmt.md(f'{spent} spent, {compared}.')}\n- **{status}**: {fmt.md(f'{orders}; {last}.')}"
    )


def _what_would_move(ways: list[Move]) -> None:
    """Every way out of the segment, the least of each kind."""
    st.markdown("**What would move it**")
    if not ways:
        st.markdown("Neither waiting nor any orders, under this day's medians.")
        return
    st.markdown("\n".join(f"- {fmt.md(step(way))}: **{way.segment}**" for way in ways))
    st.caption("With orders on this day and under this day's medians, which move as other customers buy or wait.")


def step(way: Move) -> str:
    """What has to happen, in words."""
    if way.days:
        return f"{fmt.plural(way.days, 'more day')} without an order"
    orders = "One more order" if way.orders == 1 else f"{way.orders} more orders"
    return orders if way.amount == Move.amount else f"{orders} of {fmt.exact_money(way.amount)} or more"


def _history(view: View, customer: str) -> None:
    """Where the customer has been up to the day."""
    rows = view.snapshot.rows("customers_spells", as_of=view.as_of, customer=customer)
    st.markdown("**Where it has been**")
    height = 50 + 30 * len({row["segment"] for row in rows})
    alt = f"The segments of the customer over time, {fmt.plural(len(rows), 'stay')}."
    charts.show(figures.spells(rows, view.as_of), key="customers_history", alt=alt, height=height)


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
        order = st.selectbox("Order by", ORDERS, key="customers_order", width=170, persist_state="session")
        pages = -(-total // ROWS_A_PAGE)
        number = st.number_input(f"Page, of {fmt.count(pages)}", 1, pages, key="customers_page", width=170)
    _table(
        view.snapshot.frame(
            "customers_listed", order=order, rows=ROWS_A_PAGE, skipped=ROWS_A_PAGE * (number - 1), **chosen
        )
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
    st.dataframe(
        rows,
        hide_index=True,
        height="content",
        column_order=list(shown),
        column_config=shown,
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
    since = view.ago(LISTED_DAYS)
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
