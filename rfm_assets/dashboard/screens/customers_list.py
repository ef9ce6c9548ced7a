"""The list of the page Customers: the chosen segments, sorted, a page at a time, and in full as a file."""

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from rfm_assets.config.money import Number
from rfm_assets.dashboard import address, html_tables
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.audience_download import list_csv
from rfm_assets.dashboard.customer_selection import CustomerSelection
from rfm_assets.dashboard.hashed_note import show_hashed_note
from rfm_assets.dashboard.html_tables import Link, Numbers
from rfm_assets.dashboard.linked_customers import KEYS, linked_customers
from rfm_assets.dashboard.links import show_links
from rfm_assets.dashboard.listed_customers import counted, listed, money_counted, sorting_of_selection
from rfm_assets.dashboard.screens.customer_panel import OPENED
from rfm_assets.dashboard.sorting import Sorting, next_order
from rfm_assets.dashboard.today_actions import newly_overdue
from rfm_assets.dashboard.view import View

if TYPE_CHECKING:
    import pandas as pd

SEARCH = "customer"
PAGE = "customers_page"
ROWS_A_PAGE = 25


def customers_list(view: View) -> None:
    """Draws the list."""
    chosen: dict[str, Any] = {"as_of": view.as_of, "segments": list(view.segments)}
    selection = linked_customers(view)
    (found,) = view.copy.rows(counted(selection), **chosen)
    total = int(found["customers"])
    where = "all segments" if view.all_segments else " and ".join(view.segments)
    st.header(f"{fmt.plural(total, 'customer')} in {where}{f', {selection.words}' if selection else ''}", anchor=False)
    everyone = {"Show everyone in these segments": address.link(view.as_of, **dict.fromkeys(KEYS, ()))}
    show_links(everyone if selection else {}, _money(view, selection, found["spent"], chosen))
    if not total:
        st.info("No customer in the chosen segments matches on this day: choose other segments.")
        return
    order, number = _choose_page(view, selection, total)
    sorting = sorting_of_selection(selection)
    if sorting.beside:
        _say_newly_overdue(view, starts_with_them=order == sorting.first)
    rows = view.copy.frame(listed(order, selection), rows=ROWS_A_PAGE, skipped=ROWS_A_PAGE * (number - 1), **chosen)
    show_hashed_note(view)
    _table(view, rows, order, number, sorting)


def _money(view: View, selection: CustomerSelection | None, spent: Number, chosen: dict[str, Any]) -> str:
    """The money that the clicked mark counted, if different, and what the customers have spent in total."""
    in_all = f"{fmt.short_money(spent)} {fmt.spend().lower()}"
    if not selection or not selection.counted:
        return in_all
    ((row),) = view.copy.rows(money_counted(selection, selection.counted.money), **chosen)
    return f"{fmt.brief_money(row['money'])} {selection.counted.words} · {in_all}"


def _choose_page(view: View, selection: CustomerSelection | None, total: int) -> tuple[str, int]:
    """The chosen order and page; draws the button that exports the whole list in that order beside them."""
    sorting = sorting_of_selection(selection)
    pages = -(-total // ROWS_A_PAGE)
    address.say_what_is_unknown(sorting.key, "sort order", sorting.orders, f"{sorting.first} is")
    address.say_what_is_unknown(
        PAGE, "page", [str(number + 1) for number in range(pages)], f"a page of 1 to {pages} is"
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        order = st.selectbox("Sort", list(sorting.orders), key=sorting.key, bind="query-params", width=190)
        number = st.number_input("Page", 1, pages, key=PAGE, bind="query-params", width=170)
        st.markdown(f"Page {fmt.count(number)} of {fmt.count(pages)}")
        ids = selection.ids if selection else None
        st.download_button(
            f"Export {'all ' if total > 1 else ''}{fmt.plural(total, 'customer')}",
            partial(list_csv, view.copy, view.as_of, view.segments, sorting.order(order), ids),
            f"{view.as_of}_customers.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
    return order, number


def _say_newly_overdue(view: View, *, starts_with_them: bool) -> None:
    """Says how many became overdue within the week, if known."""
    newly = newly_overdue(view, view.segments)
    if newly is not None:
        where = ": the list starts with them" if newly and starts_with_them else ""
        st.markdown(f"{fmt.count(newly) if newly else 'None'} became overdue in the last 7 days{where}.")


def _table(view: View, rows: "pd.DataFrame", order: str, number: int, sorting: Sorting) -> None:
    """Draws a page of the list: a row opens its customer in a panel, a title sorts by its column, then in reverse."""
    here = {sorting.key: sorting.in_address(order), PAGE: number if number > 1 else (), SEARCH: ()}
    ids = [Link(name, address.link(view.as_of, **{**here, OPENED: name})) for name in rows["CustomerID"]]
    is_overdue = bool(sorting.beside)
    html_tables.show_table(
        {
            "Customer": ids,
            "Segment": rows["segment"],
            **({"Days overdue": Numbers(rows["Days_Overdue"], fmt.count)} if is_overdue else {}),
            "Days since last order": Numbers(rows["recency"], fmt.count),
            "Orders": Numbers(rows["frequency"], fmt.count),
            **({"Value score": Numbers(rows["Value_Score"], fmt.mean)} if is_overdue else {}),
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
