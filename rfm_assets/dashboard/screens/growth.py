"""Growth: all sales, with those that RFM leaves out, and how they add up to what the Segments page shows.

Its words are its own: sales and invoices are all there are, revenue and orders those that count for RFM.
"""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from rfm_assets.dashboard import address, charts, html_tables
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.behind import cohort_link
from rfm_assets.dashboard.cards import Card, compared, show_cards
from rfm_assets.dashboard.cohorts import MOST, by_day, cohorts
from rfm_assets.dashboard.figures import growth as figures
from rfm_assets.dashboard.figures.cohorts import MEASURES, cohort_data, cohort_table
from rfm_assets.dashboard.periods import Period, with_average
from rfm_assets.dashboard.threshold_jumps import breaks, explain, marked
from rfm_assets.dashboard.view import View
from rfm_assets.errors import NothingToShowError

if TYPE_CHECKING:
    import pandas as pd

UNIT_NAMES = {"Monthly": "month", "Weekly": "week"}
LATELY = 30
"""So many days are compared with as many before."""


def page(view: View) -> None:
    """Draws the page."""
    period = Period(view.as_of, LATELY)
    days = {"as_of": view.as_of, "before": period.before, "since": period.since}
    (totals,) = view.snapshot.rows("growth_totals", **days)
    if not totals["orders"]:
        raise NothingToShowError(f"nothing was sold by {fmt.day(view.as_of)}: no valid line has been delivered so far")
    customers = view.snapshot.frame("growth_customers", **days)
    totals |= {
        "customers": int(customers["customers"].sum()),
        "customers_now": int(customers["delivered_now"].sum()),
        "customers_before": int(customers["delivered_before"].sum()),
    }
    _so_far(view, totals)
    _lately(view, period, totals)
    _reconciliation(view, totals)
    months = view.snapshot.frame("growth_months", as_of=view.as_of)
    _months(months)
    _customers(view, by_day(customers, view.as_of))
    _countries(view)
    _cohorts(view)


def _so_far(view: View, totals: Mapping[str, Any]) -> None:
    """What there is so far: these totals can only grow, so they are compared with nothing."""
    free = fmt.plural(totals["free_orders"], "order")
    average = fmt.money(totals["revenue"] / totals["orders"])
    st.markdown(f"**As of {fmt.day(view.as_of)}**")
    show_cards(
        [
            Card("Known customers", "Everyone who has bought anything to date.", fmt.count(totals["customers"])),
            Card("Lifetime sales", "All sales, net of cancellations.", fmt.short_money(totals["revenue"])),
            Card(
                "Lifetime invoices",
                f"Anonymous ones included. {free} have no amount, such as write-offs.",
                fmt.count(totals["orders"]),
            ),
            Card("Lifetime average invoice", "Lifetime sales divided by lifetime invoices.", average),
        ]
    )


def _lately(view: View, period: Period, totals: Mapping[str, Any]) -> None:
    """What the last days brought, after the days before: late deliveries count when they came."""
    kinds = (
        (
            "customers",
            "New known customers",
            fmt.count,
            "Customers by their first purchase of any kind: nothing had come before these days.",
        ),
        ("revenue", "Sales", fmt.money, "Sales delivered in these days, net of cancellations."),
        ("orders", "Invoices", fmt.count, "Invoices first delivered in these days, anonymous ones included."),
        ("average", "Average invoice", fmt.money, "Sales of these days divided by their invoices."),
    )
    known = {
        when: with_average({key: totals[f"{key}_{when}"] for key in ("customers", "revenue", "orders")})
        for when in ("now", "before")
    }
    comparable = period.can_be_compared(view)
    st.markdown(f"**{period.title(view, compared=comparable)}**")
    show_cards(
        compared(
            Card(f"{name} in {period.length}", meaning, growth_is="good"),
            known["now"][key],
            known["before"].get(key) if comparable else None,
            write,
        )
        for key, name, write, meaning in kinds
        if key in known["now"]
    )
    if not comparable:
        st.caption(period.why_not(view))


def _reconciliation(view: View, totals: Mapping[str, Any]) -> None:
    """Why this page and the Segments page differ, to the penny."""
    (rfm,) = view.snapshot.rows("growth_rfm", as_of=view.as_of)
    st.markdown(fmt.md(reconciled(totals, rfm)))
    if missing := totals["revenue"] - rfm["revenue"] - totals["anonymous"] - totals["no_product"]:
        st.warning(
            f"{fmt.exact_money(missing)} of sales is in none of these: the segments of {fmt.day(view.as_of)} were "
            "built from other sales. Materialize that day again."
        )


def reconciled(totals: Mapping[str, Any], rfm: Mapping[str, Any]) -> str:
    """How revenue and customers add up from those that RFM counts."""
    others = totals["customers"] - rfm["customers"]
    return (
        f"{fmt.exact_money(totals['revenue'])} of sales is the {fmt.exact_money(rfm['revenue'])} of lifetime "
        f"revenue on the Segments page, {fmt.exact_money(totals['anonymous'])} of anonymous sales, and "
        f"{fmt.exact_money(totals['no_product'])} of non-product lines such as postage and fees. "
        f"{fmt.count(rfm['customers'])} of the {fmt.plural(totals['customers'], 'known customer')} are on the "
        f"Segments page; {fmt.count(others)} bought no products. A customer is new here from the first purchase of "
        "any kind, and on the Segments page from the first product bought, so the numbers of new customers may differ."
    )


def _months(months: "pd.DataFrame") -> None:
    st.header("Month by month", anchor=False)
    st.caption(
        "Sales with the change on the previous month; known customers who bought; their average spend, anonymous sales "
        "excluded. A hatched bar is a partial month, which is not compared."
    )
    for measure, title in figures.MONTHLY.items():
        figure = figures.by_month(months, measure, changes=measure == "revenue")
        widths = figures.LABELS_BY_WIDTH if measure == "revenue" else None
        data = figures.months_data(months, measure)
        charts.show(figure, key=f"growth_{measure}", alt=f"{title} by month.", height=250, widths=widths, data=data)


def _customers(view: View, days: "pd.DataFrame") -> None:
    st.header("Known customers day by day", anchor=False)
    st.caption("By the day of their first purchase. Everyone is new when the data begin.")
    found = breaks(view, days["day"].min().date())
    explain(found)
    for key, figure, alt in (
        ("growth_so_far", figures.customers_so_far(days), "Known customers so far, by day."),
        ("growth_new", figures.new_customers(days), "New known customers by day."),
    ):
        charts.show(marked(figure, found), key=key, alt=alt, height=230)


def _countries(view: View) -> None:
    top = view.snapshot.frame("growth_countries", as_of=view.as_of)
    st.header("Sales by country", anchor=False)
    largest = fmt.md(top["country"].iloc[0])
    address.say_what_is_unknown("growth_others", "countries", address.YES_OR_NO, "the largest ten are")
    leave_out = f"Exclude {largest}"
    if len(top) > 1 and st.toggle(leave_out, key="growth_others", bind="query-params"):
        top = top.iloc[1:]
    else:
        st.caption("The top ten.")
    html_tables.show_bars(figures.countries(top), key="growth_countries", alt="Sales of the ten largest countries.")


def _cohorts(view: View) -> None:
    """What the customers of each month or week bought in later ones."""
    with st.container():
        st.header("Cohort retention", anchor=False)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            unit = UNIT_NAMES[
                address.choice("Cohorts", list(UNIT_NAMES), key="growth_unit", what="cohorts", default="Monthly")
            ]
            measure = address.choice(
                "Measure", list(MEASURES), key="growth_measure", what="measure", default="Bought again"
            )
    rows = view.snapshot.frame("growth_cohorts", as_of=view.as_of, unit=unit, most=MOST)
    found = cohorts(rows, view.as_of, unit)
    if found["customers"].isna().all():
        st.caption(f"No {unit} is over yet.")
        return
    what = "the percentage who bought again" if measure == "Bought again" else measure.lower()
    st.caption(
        f"Customers by the {unit} of their first purchase (how many in brackets), and {what} in each later {unit}. "
        f"Blank: that {unit} is not over. \\*: a partial {unit}. Customers of the first {unit} may have bought before "
        f"the data begin. Columns are {unit}s since the first purchase."
    )
    link = partial(cohort_link, view.as_of) if unit == "month" and view.as_of in view.customer_days else None
    alt = f"{measure} by {unit} of first purchase."
    at_least = 620 if measure == "Bought again" else 900
    data = partial(cohort_data, found, measure)
    table = cohort_table(found, measure, unit, link)
    html_tables.show_shaded(table, key="growth_cohorts", alt=alt, data=data, at_least=at_least)
