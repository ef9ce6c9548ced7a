"""Customers: one with everything about it, and the list of the chosen segments to sort, page and download."""

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from rfm_assets.config.money import Number
from rfm_assets.dashboard import address, html_tables
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.audience_download import audience_csv, file_name, hashes_ids, list_csv
from rfm_assets.dashboard.behind import KEYS, asked_for
from rfm_assets.dashboard.behind_moved import Behind
from rfm_assets.dashboard.groups import OVERDUE
from rfm_assets.dashboard.html_tables import Link, Numbers
from rfm_assets.dashboard.links import show_links
from rfm_assets.dashboard.screens.customer_panel import OPENED, customer_panel
from rfm_assets.dashboard.screens.one_customer import one_customer
from rfm_assets.dashboard.sorting import EVERYONE, OVERDUE_ONES, Sorting, next_order, overdue
from rfm_assets.dashboard.today_actions import newly_overdue
from rfm_assets.dashboard.view import View
from rfm_assets.publishing.audiences import Audience, Which
from rfm_assets.warehouse.query import Query, sql

if TYPE_CHECKING:
    import pandas as pd

_PACKAGE = "rfm_assets.dashboard"
SEARCH = "customer"
MOST_FOUND = 50
PAGE = "customers_page"
ROWS_A_PAGE = 25
HASHED_IDS = (
    "Customer IDs are hashed here (HMAC-SHA256): search for a hash or its first characters. Exports and the files in "
    "`audiences/` use the same hashes."
)
HASHED_DOWNLOADS = "Exports have hashed IDs (HMAC-SHA256 with RFM_AUDIENCE_KEY) in place of those on this page."
LISTED_DAYS = 7
"""Since so many days before, customers entered or left a segment in the lists to download."""


def page(view: View) -> None:
    """Draws the page."""
    searched, opened = _search(view), st.query_params.get(OPENED)
    if opened:
        customer_panel(view, opened, address.link(view.as_of, **{OPENED: (), SEARCH: opened}))
    elif searched:
        one_customer(view, searched)
    _list(view)
    _take_away(view)


def _search(view: View) -> str | None:
    """The customer whose id was typed, or chosen among those whose id begins like it."""
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
        st.info(fmt.md(f"No customer ID begins with {begins} as of {fmt.day(view.as_of)}."))
        return None
    if len(names) == 1 or names[0] == begins:
        return names[0]
    title = f"{len(names)} matches" if len(names) <= MOST_FOUND else f"First {MOST_FOUND} matches"
    return right.selectbox(title, names[:MOST_FOUND], key="customers_found")


def _list(view: View) -> None:
    """The customers of the chosen segments, a page at a time."""
    chosen: dict[str, Any] = {"as_of": view.as_of, "segments": list(view.segments)}
    behind = asked_for(view)
    (found,) = view.copy.rows(counted(behind), **chosen)
    total = int(found["customers"])
    where = "all segments" if view.all_segments else " and ".join(view.segments)
    st.header(f"{fmt.plural(total, 'customer')} in {where}{f', {behind.words}' if behind else ''}", anchor=False)
    everyone = {"Show everyone in these segments": address.link(view.as_of, **dict.fromkeys(KEYS, ()))}
    show_links(everyone if behind else {}, _money(view, behind, found["spent"], chosen))
    if not total:
        st.info("None of the chosen segments has such a customer on this day: choose others.")
        return
    sorting = sorting_of(behind)
    pages = -(-total // ROWS_A_PAGE)
    address.say_what_is_unknown(sorting.key, "sort order", sorting.orders, f"{sorting.first} is")
    address.say_what_is_unknown(
        PAGE, "page", [str(number + 1) for number in range(pages)], f"a page of 1 to {pages} is"
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        order = st.selectbox("Sort", list(sorting.orders), key=sorting.key, bind="query-params", width=190)
        number = st.number_input("Page", 1, pages, key=PAGE, bind="query-params", width=170)
        st.markdown(f"Page {fmt.count(number)} of {fmt.count(pages)}")
        ids, in_file = behind.ids if behind else None, sorting.in_export(order, view.as_of)
        st.download_button(
            f"Export {'all ' if total > 1 else ''}{fmt.plural(total, 'customer')}",
            partial(list_csv, view.copy, view.as_of, view.segments, in_file, ids),
            f"{view.as_of}_customers.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
    if behind and behind.group == OVERDUE:
        _say_newly_overdue(view, starts_with_them=order == sorting.first)
    rows = view.copy.frame(listed(order, behind), rows=ROWS_A_PAGE, skipped=ROWS_A_PAGE * (number - 1), **chosen)
    _say_hashed(view)
    _table(view, rows, order, number, sorting)


def _money(view: View, behind: Behind | None, spent: Number, chosen: dict[str, Any]) -> str:
    """What the mark counted that led here, where that is other money, and what they have spent in all."""
    in_all = f"{fmt.short_money(spent)} {fmt.spend().lower()}"
    if not behind or not behind.counted:
        return in_all
    of_listed = "SELECT coalesce(sum(money), 0) AS money FROM counted SEMI JOIN customers_listed USING (CustomerID)"
    query = Query(of_listed, {"counted": behind.counted.money, "customers_listed": _narrowed(behind)})
    ((row),) = view.copy.rows(query, **chosen)
    return f"{fmt.brief_money(row['money'])} {behind.counted.words} · {in_all}"


def _say_newly_overdue(view: View, *, starts_with_them: bool) -> None:
    """How many became overdue within the week, where that is known."""
    newly = newly_overdue(view, view.segments)
    if newly is not None:
        where = ": the list starts with them" if newly and starts_with_them else ""
        st.markdown(f"{fmt.count(newly) if newly else 'None'} became overdue in the last 7 days{where}.")


def sorting_of(behind: Behind | None) -> Sorting:
    """How a list can be sorted."""
    return OVERDUE_ONES if behind and behind.group == OVERDUE else EVERYONE


def listed(order: str, behind: Behind | None = None) -> Query:
    """A page of the list. By a plain column, so that the first rows are found without sorting all of them."""
    by = sorting_of(behind).orders[order]
    select = f"SELECT * FROM customers_listed ORDER BY {by}, CustomerID LIMIT $rows OFFSET $skipped"
    return Query(select, {"customers_listed": _narrowed(behind)})


def counted(behind: Behind | None = None) -> Query:
    """How many the list has, and what they have spent."""
    return sql(_PACKAGE, "queries/customers_counted", customers_listed=_narrowed(behind))


def _narrowed(behind: Behind | None) -> Query:
    """The list, of those behind a mark where one was chosen."""
    everyone = sql(_PACKAGE, "queries/customers_listed")
    if not behind:
        return everyone
    if behind.group == OVERDUE:
        return Query(
            "SELECT * FROM everyone JOIN overdue USING (CustomerID)", {"everyone": everyone, "overdue": overdue()}
        )
    some = "SELECT * FROM everyone WHERE CustomerID IN (SELECT CustomerID FROM behind)"
    return Query(some, {"everyone": everyone, "behind": behind.ids})


def _say_hashed(view: View) -> None:
    """Says that downloads have other ids than the page, where they have."""
    if hashes_ids() and not view.copy.has_hashed_ids():
        st.caption(HASHED_DOWNLOADS)


def _table(view: View, rows: "pd.DataFrame", order: str, number: int, sorting: Sorting) -> None:
    """A page of the list: a customer opens beside it, a title orders all customers, then the other way round."""
    here = {sorting.key: sorting.in_address(order), PAGE: number if number > 1 else (), SEARCH: ()}
    ids = [Link(name, address.link(view.as_of, **{**here, OPENED: name})) for name in rows["CustomerID"]]
    is_overdue = sorting is OVERDUE_ONES
    html_tables.show_table(
        {
            "Customer": ids,
            "Segment": rows["segment"],
            **({"Days overdue": Numbers(rows["days_overdue"], fmt.count)} if is_overdue else {}),
            "Days since last order": Numbers(rows["recency"], fmt.count),
            "Orders": Numbers(rows["frequency"], fmt.count),
            **({"Value score": Numbers(rows["value_score"], fmt.mean)} if is_overdue else {}),
            fmt.spend(): Numbers(rows["monetary"], fmt.exact_money),
        },
        links={
            title: address.link(
                view.as_of, **here | {sorting.key: sorting.in_address(next_order(orders, order)), PAGE: (), OPENED: ()}
            )
            for title, orders in sorting.titles.items()
        },
        alt="A page of customers, each with its segment and values.",
    )


def _take_away(view: View) -> None:
    """A segment's list as a file."""
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
    _say_hashed(view)
    st.caption("All of these lists are also in `audiences/` of the published folder, as CSV and Parquet.")
