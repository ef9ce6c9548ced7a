"""Growth: all sales, with those that RFM leaves out, and how they add up to what the Segments page shows."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import streamlit as st

from rfm_assets.dashboard import charts, drawings
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.cohorts import MONTHS, by_day, cohorts
from rfm_assets.dashboard.figures import growth as figures
from rfm_assets.dashboard.view import View
from rfm_assets.errors import NothingToShowError

if TYPE_CHECKING:
    import pandas as pd

LATELY = 30
"""So many days the cards say what is new in."""


def page(view: View) -> None:
    """Draws the page."""
    since = view.ago(LATELY)
    days = {"as_of": view.as_of, "since": since or view.as_of}
    (totals,) = view.snapshot.rows("growth_totals", **days)
    if not totals["orders"]:
        raise NothingToShowError(f"nothing was sold by {fmt.day(view.as_of)}: no valid line has been delivered so far")
    customers = view.snapshot.frame("growth_customers", months=MONTHS, **days)
    totals |= {
        "customers": int(customers["customers"].sum()),
        "customers_since": int(customers["delivered_since"].sum()),
    }
    _cards(totals, since)
    _reconciliation(view, totals)
    months = view.snapshot.frame("growth_months", as_of=view.as_of)
    _months(months)
    _customers(by_day(customers, view.as_of))
    _countries(view)
    _cohorts(cohorts(customers, months, view.as_of))


def _cards(totals: Mapping[str, Any], since: date | None) -> None:
    """What there is so far, and by how much it grew lately: late deliveries count when they came."""
    average = fmt.money(totals["revenue"] / totals["orders"])
    lately = totals["revenue_since"] / totals["orders_since"] if totals["orders_since"] else 0
    free = fmt.plural(totals["free_orders"], "order")
    cards = (
        (
            "Customers",
            fmt.count(totals["customers"]),
            f"+{fmt.count(totals['customers_since'])}",
            "Known customers who have bought so far.",
        ),
        (
            "Revenue",
            fmt.short_money(totals["revenue"]),
            f"+{fmt.short_money(totals['revenue_since'])}",
            "Every sale that was not cancelled.",
        ),
        (
            "Orders",
            fmt.count(totals["orders"]),
            f"+{fmt.count(totals['orders_since'])}",
            f"Invoices, anonymous ones included. {free} came to nothing, such as write-offs.",
        ),
        ("Average order", average, fmt.money(lately), "Revenue by orders."),
    )
    with st.container(horizontal=True, gap="small"):
        for label, value, recent, meaning in cards:
            added = f"{recent} in {LATELY} days" if since else None
            st.metric(label, value, added, delta_color="off", delta_arrow="off", border=True, help=meaning)


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


def _months(months: "pd.DataFrame") -> None:
    st.subheader("Month by month", anchor=False)
    st.caption(
        "Revenue with its change on the month before; known customers who bought; what each of them spent, anonymous "
        "sales left out. A hollow month is not over, or was not delivered from its first day: it is no fall, and is "
        "compared with nothing."
    )
    for measure, title in figures.MONTHLY.items():
        figure = figures.by_month(months, measure, changes=measure == "revenue")
        charts.show(figure, key=f"growth_{measure}", alt=f"{title} by month.", height=250)


def _customers(days: "pd.DataFrame") -> None:
    st.subheader("Customers day by day", anchor=False)
    st.caption("By the day of their first purchase. Everybody is new when the data begin.")
    charts.show(figures.customers_so_far(days), key="growth_so_far", alt="Customers so far, by day.", height=230)
    charts.show(figures.new_customers(days), key="growth_new", alt="New customers by day.", height=230)


def _countries(view: View) -> None:
    top = view.snapshot.frame("growth_countries", as_of=view.as_of)
    st.subheader("Revenue by country", anchor=False)
    largest = fmt.md(top["country"].iloc[0])
    if len(top) > 1 and st.toggle(f"Leave out {largest}, to tell the others apart", key="growth_others"):
        top = top.iloc[1:]
    else:
        st.caption("The ten countries with the most.")
    drawings.show_bars(figures.countries(top), alt="Revenue of the ten largest countries.")


def _cohorts(found: "pd.DataFrame") -> None:
    if found["customers"].isna().all():
        return  # no month is over yet
    st.subheader("Who comes back", anchor=False)
    st.caption(
        "Customers by the month of their first purchase, how many in brackets: the percentage that bought so many "
        "months later. Blank where that month is not over. Marked \\* where their own month is not complete; those of "
        "the month in which the data begin may have bought before."
    )
    st.caption("Months since the first purchase")
    drawings.show_shaded(figures.cohorts(found), alt="Retention by month of first purchase.", at_least=620)
