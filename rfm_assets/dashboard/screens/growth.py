"""Growth: all sales, including those that RFM leaves out, and how they reconcile with the Segments page.

On this page, sales and invoices are all there are; revenue and orders are those that RFM counts.
"""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from rfm_assets.dashboard import address, charts, html_bars
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.cards import Card, compared, show_cards
from rfm_assets.dashboard.cohorts import by_day
from rfm_assets.dashboard.customer_links import bought_link, country_link, first_link, ordered_link
from rfm_assets.dashboard.figures import growth as figures
from rfm_assets.dashboard.links import show_links
from rfm_assets.dashboard.periods import Period, with_average
from rfm_assets.dashboard.screens.growth_cohorts import growth_cohorts
from rfm_assets.dashboard.threshold_jumps import breaks, explain, marked
from rfm_assets.dashboard.view import View
from rfm_assets.errors import NothingToShowError

if TYPE_CHECKING:
    import pandas as pd

LATELY = 30
"""The length of both compared periods, in days."""
LATELY_SHOWN = (
    (
        "customers",
        "New known customers",
        fmt.count,
        "Customers whose first purchase of any kind was in these days.",
    ),
    ("revenue", "Sales", fmt.money, "Sales delivered in these days, net of cancellations."),
    ("orders", "Invoices", fmt.count, "Invoices first delivered in these days, anonymous ones included."),
    ("average", "Average invoice", fmt.money, "Sales of these days divided by their invoices."),
)
"""The cards: key, name, format, and what each counts."""


def page(view: View) -> None:
    """Draws the page."""
    period = Period(view.as_of, LATELY)
    days = {"as_of": view.as_of, "before": period.before, "since": period.since}
    (totals,) = view.copy.rows("growth_totals", **days)
    if not totals["orders"]:
        raise NothingToShowError(f"no sales by {fmt.day(view.as_of)}: no valid line has been delivered yet")
    customers = view.copy.frame("growth_customers", **days)
    totals |= {
        "customers": int(customers["customers"].sum()),
        "customers_now": int(customers["delivered_now"].sum()),
        "customers_before": int(customers["delivered_before"].sum()),
    }
    _so_far(view, totals)
    _lately(view, period, totals)
    _reconciliation(view, totals)
    months = view.copy.frame("growth_months", as_of=view.as_of)
    _months(view, months)
    _customers(view, by_day(customers, view.as_of))
    _countries(view)
    growth_cohorts(view)


def _so_far(view: View, totals: Mapping[str, Any]) -> None:
    """Draws totals to date; they can only grow, so there is no comparison."""
    free = fmt.plural(totals["free_orders"], "order")
    average = fmt.money(totals["revenue"] / totals["orders"])
    st.markdown(f"**As of {fmt.day(view.as_of)}**")
    show_cards(
        [
            Card("Known customers", "Everyone who has bought anything to date.", fmt.count(totals["customers"])),
            Card("Lifetime sales", "All sales, net of cancellations.", fmt.short_money(totals["revenue"])),
            Card(
                "Lifetime invoices",
                f"Including anonymous ones. {free} have no amount, such as write-offs.",
                fmt.count(totals["orders"]),
            ),
            Card("Lifetime average invoice", "Lifetime sales divided by lifetime invoices.", average),
        ]
    )


def _lately(view: View, period: Period, totals: Mapping[str, Any]) -> None:
    """Draws the last days against the days before; late deliveries count when they arrive."""
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
            period.compared_with,
        )
        for key, name, write, meaning in LATELY_SHOWN
        if key in known["now"]
    )
    if not comparable:
        st.caption(period.why_not(view))
    if view.has_customers:
        show_links({"See who bought": ordered_link(view.as_of, period.days)})


def _reconciliation(view: View, totals: Mapping[str, Any]) -> None:
    """Draws why this page and the Segments page differ, to the penny."""
    (rfm,) = view.copy.rows("growth_rfm", as_of=view.as_of)
    st.markdown(fmt.md(reconciled(totals, rfm)))
    if missing := totals["revenue"] - rfm["revenue"] - totals["anonymous"] - totals["no_product"]:
        st.warning(
            f"{fmt.exact_money(missing)} of sales is unaccounted for: the segments of {fmt.day(view.as_of)} were "
            "built from other sales. Materialize that day again."
        )


def reconciled(totals: Mapping[str, Any], rfm: Mapping[str, Any]) -> str:
    """How sales and customers add up from what RFM counts."""
    others = totals["customers"] - rfm["customers"]
    return (
        f"{fmt.exact_money(totals['revenue'])} of sales is the {fmt.exact_money(rfm['revenue'])} of lifetime "
        f"revenue on the Segments page, {fmt.exact_money(totals['anonymous'])} of anonymous sales, and "
        f"{fmt.exact_money(totals['no_product'])} of non-product lines such as postage and fees. "
        f"{fmt.count(rfm['customers'])} of the {fmt.plural(totals['customers'], 'known customer')} are on the "
        f"Segments page; {fmt.count(others)} bought no products. A customer is new here from the first purchase of "
        "any kind, and on the Segments page from the first product bought, so the numbers of new customers may differ."
    )


def _months(view: View, months: "pd.DataFrame") -> None:
    st.header("Month by month", anchor=False)
    st.caption(
        "Sales with the change on the previous month; known customers who bought; their average spend, anonymous sales "
        "excluded. A hatched bar is a partial month, which is not compared."
    )
    leads = figures.month_leads(months, partial(bought_link, view.as_of)) if view.has_customers else None
    for measure, title in figures.MONTHLY.items():
        figure = figures.by_month(months, measure, changes=measure == "revenue")
        widths = figures.LABELS_BY_WIDTH if measure == "revenue" else None
        data = figures.months_data(months, measure)
        charts.show(
            figure,
            key=f"growth_{measure}",
            alt=f"{title} by month.",
            height=250,
            widths=widths,
            data=data,
            leads=leads,
        )


def _customers(view: View, days: "pd.DataFrame") -> None:
    st.header("Known customers day by day", anchor=False)
    st.caption("By day of first purchase. When the data begins, everyone is new.")
    found = breaks(view, days["day"].min().date())
    explain(found)
    leads = (lambda day, _: first_link(view.as_of, day)) if view.has_customers else None
    so_far, new = (marked(figure, found) for figure in (figures.customers_so_far(days), figures.new_customers(days)))
    charts.show(so_far, key="growth_so_far", alt="Known customers so far, by day.", height=230)
    charts.show(new, key="growth_new", alt="New known customers by day.", height=230, leads=leads)


def _countries(view: View) -> None:
    top = view.copy.frame("growth_countries", as_of=view.as_of)
    st.header("Sales by country", anchor=False)
    largest = fmt.md(top["country"].iloc[0])
    address.say_what_is_unknown("growth_others", "countries", address.YES_OR_NO, "the largest ten are")
    leave_out = f"Exclude {largest}"
    if len(top) > 1 and st.toggle(leave_out, key="growth_others", bind="query-params"):
        top = top.iloc[1:]
    else:
        st.caption("The top ten.")
    link = partial(country_link, view.as_of) if view.has_customers else None
    html_bars.show_bars(figures.countries(top, link), key="growth_countries", alt="Sales of the ten largest countries.")
