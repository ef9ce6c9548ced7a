"""Growth: all sales, with those that RFM leaves out, and how they add up to what the Segments page shows."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from rfm_assets.dashboard import charts
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.figures import growth as figures
from rfm_assets.dashboard.view import View
from rfm_assets.errors import NothingToShowError

COMPARED_DAYS = 30


def page(view: View) -> None:
    """Draws the page."""
    totals = _totals(view)
    if not totals["orders"]:
        raise NothingToShowError(f"nothing was sold by {fmt.day(view.as_of)}: no valid line has been delivered so far")
    _cards(view, totals)
    _reconciliation(view, totals)
    _months(view)
    _customers(view)
    _countries(view)
    _cohorts(view)


def _totals(view: View) -> dict[str, Any]:
    (totals,) = view.snapshot.rows("growth_totals", as_of=view.as_of)
    return totals


def _cards(view: View, now: Mapping[str, Any]) -> None:
    before_day = view.ago(COMPARED_DAYS)
    (before,) = view.snapshot.rows("growth_totals", as_of=before_day) if before_day else [{}]
    cards = (
        ("Customers", "customers", fmt.count, "Known customers who have bought so far, postage and fees included."),
        ("Revenue", "revenue", fmt.short_money, "Every sale that was not cancelled."),
        ("Orders", "orders", fmt.count, "Invoices, anonymous ones included."),
        ("Average order", "order_value", fmt.money, _average_help(now)),
    )
    with st.container(horizontal=True, gap="small"):
        for label, key, write, meaning in cards:
            change = fmt.change(now[key], before.get(key))
            st.metric(label, write(now[key]), change and f"{change} in {COMPARED_DAYS} days", border=True, help=meaning)


def _average_help(totals: Mapping[str, Any]) -> str:
    meaning = "Revenue by orders."
    free = totals["orders"] - totals["paid_orders"]
    if not (free and totals["paid_orders"]):
        return meaning
    average = fmt.money(totals["paid_order_value"])
    return f"{meaning} {fmt.plural(free, 'order')} came to nothing, such as write-offs; without them it is {average}."


def _reconciliation(view: View, totals: Mapping[str, Any]) -> None:
    """Why this page and the Segments page differ, to the penny."""
    (rfm,) = view.snapshot.rows("growth_rfm", as_of=view.as_of)
    st.markdown(fmt.md(reconciled(totals, rfm)))
    if missing := totals["revenue"] - rfm["revenue"] - totals["anonymous"] - totals["no_product"]:
        st.warning(
            f"{fmt.exact_money(missing)} of revenue is in none of these: the segments of {fmt.day(view.as_of)} were "
            "made from other sales. Materialize that day anew."
        )


def reconciled(totals: Mapping[str, Any], rfm: Mapping[str, Any]) -> str:
    """How revenue and customers add up from those that RFM counts."""
    others = totals["customers"] - rfm["customers"]
    return (
        f"{fmt.exact_money(totals['revenue'])} of revenue is the {fmt.exact_money(rfm['revenue'])} that the Segments "
        f"page counts, {fmt.exact_money(totals['anonymous'])} of anonymous sales, and "
        f"{fmt.exact_money(totals['no_product'])} of postage, fees and other things that are no product. "
        f"{fmt.count(rfm['customers'])} of the {fmt.plural(totals['customers'], 'customer')} are on the Segments page; "
        f"{fmt.count(others)} bought nothing that is a product."
    )


def _months(view: View) -> None:
    months = view.snapshot.frame("growth_months", as_of=view.as_of)
    st.subheader("Revenue by month", anchor=False)
    st.caption(
        "With its change on the month before. A hollow month is not over, or was not delivered from its first day: it "
        "is no fall, and is compared with nothing."
    )
    revenue = figures.by_month(months, "revenue", money=True, labels=figures.month_labels(months))
    charts.show(revenue, key="growth_revenue", alt="Revenue of each month, and its change.")
    active, spending = st.columns(2, gap="large")
    with active:
        st.subheader("Active customers", anchor=False)
        st.caption("Known customers who bought in the month.")
        figure = figures.by_month(months, "customers")
        charts.show(figure, key="growth_active", alt="Customers who bought, by month.", height=260)
    with spending:
        st.subheader("Revenue per active customer", anchor=False)
        st.caption("Anonymous sales left out.")
        figure = figures.by_month(months, "revenue_per_customer", money=True)
        charts.show(figure, key="growth_spending", alt="Revenue from each active customer, by month.", height=260)


def _customers(view: View) -> None:
    days = view.snapshot.frame("growth_customers", as_of=view.as_of)
    so_far, new = st.columns(2, gap="large")
    with so_far:
        st.subheader("Customers so far", anchor=False)
        st.caption("By the day of their first purchase.")
        charts.show(figures.so_far(days), key="growth_so_far", alt="Customers so far, by day.", height=260)
    with new:
        st.subheader("New customers by day", anchor=False)
        st.caption("Everybody is new when the data begin.")
        charts.show(figures.new(days), key="growth_new", alt="New customers of each day.", height=260)


def _countries(view: View) -> None:
    top = view.snapshot.frame("growth_countries", as_of=view.as_of)
    st.subheader("Revenue by country", anchor=False)
    largest = fmt.md(top["country"].iloc[0])
    if len(top) > 1 and st.toggle(f"Leave out {largest}, to tell the others apart", key="growth_others"):
        top = top.iloc[1:]
    else:
        st.caption("The ten countries with the most.")
    height = 30 + 32 * len(top)
    charts.show(figures.countries(top), key="growth_countries", alt="The ten largest countries.", height=height)


def _cohorts(view: View) -> None:
    found = view.snapshot.frame("growth_cohorts", as_of=view.as_of)
    if found.empty:
        return
    st.subheader("Who comes back", anchor=False)
    st.caption(
        "Customers by the month of their first purchase, how many in brackets: the percentage that bought so many "
        "months later. Blank where that month is not over. Marked \\* where their own month is not complete; those of "
        "the month in which the data begin may have bought before."
    )
    height = 70 + 34 * found["cohort"].nunique()
    charts.show(
        figures.cohorts(found), key="growth_cohorts", alt="Retention by month of first purchase.", height=height
    )
