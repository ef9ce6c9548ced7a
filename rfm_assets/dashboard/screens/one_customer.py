"""One customer, for the page Customers: its values, why it is in its segment, what would move it, where it has been."""

from collections.abc import Sequence

import streamlit as st

from rfm_assets.dashboard import charts
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.figures import customers as figures
from rfm_assets.dashboard.view import View
from rfm_assets.dashboard.what_if import Customer, Move, Thresholds, moves, segments_query


def one_customer(view: View, customer: str) -> None:
    """A customer's values, why it is where it is, what would move it, and where it has been."""
    (row,) = view.snapshot.rows("customers_one", as_of=view.as_of, customer=customer)
    values = Customer(row["recency"], row["frequency"], row["monetary"])
    medians = Thresholds(row["median_monetary"], row["median_frequency"], row["median_recency"])

    def segments_of(customers: Sequence[Customer]) -> list[str]:
        return [found["segment"] for found in view.snapshot.rows(segments_query(customers), as_of=view.as_of)]

    with st.container(border=True):
        st.subheader(f"Customer {fmt.md(customer)}", anchor=False)
        st.html(
            f"<div style='border-left:0.7rem solid {charts.SEGMENT_COLOURS[row['segment']]};padding-left:0.6rem'>"
            f"<b>{row['segment']}</b><br><span style='color:{charts.MUTED}'>{row['recommendation']}</span></div>"
        )
        _values(values, medians)
        why, what = st.columns(2, gap="medium")
        with why:
            _why(values, medians, row["value_tier"], row["engagement_status"])
        with what:
            _what_would_move(moves(values, medians, segments_of))
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


def _why(values: Customer, medians: Thresholds, tier: str, status: str) -> None:
    """The rule, with this customer's numbers in it."""
    spent, median = fmt.exact_money(values.monetary), fmt.exact_money(medians.monetary)
    compared = {
        "High Value": f"more than twice the median of {median}",
        "Growing Value": f"more than the median of {median}, but not more than twice as much",
        "Base Value": f"not more than the median of {median}",
    }[tier]
    frequent = "more than" if values.frequency > medians.frequency else "not more than"
    recent = "less than" if values.recency < medians.recency else "not less than"
    orders = f"{fmt.plural(values.frequency, 'order')}, {frequent} the median of {fmt.count(medians.frequency)}"
    last = f"the last {fmt.plural(values.recency, 'day')} ago, {recent} the median of {fmt.count(medians.recency)}"
    st.markdown("**Why this customer is here**")
    st.markdown(
        f"- **{tier}**: {fmt.md(f'{spent} spent, {compared}.')}\n- **{status}**: {fmt.md(f'{orders}; {last}.')}"
    )


def _what_would_move(ways: list[Move]) -> None:
    """Every way out of the segment, the least of each kind."""
    st.markdown("**What would move this customer**")
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
    if way.amount == Move.amount:
        return orders
    return f"{orders} of {fmt.exact_money(way.amount)} or more{' together' if way.orders > 1 else ''}"


def _history(view: View, customer: str) -> None:
    """Where the customer has been up to the day."""
    rows = view.snapshot.rows("customers_spells", as_of=view.as_of, customer=customer)
    st.markdown("**Segment history**")
    height = 50 + 30 * len({row["segment"] for row in rows})
    alt = f"The segments of the customer over time, {fmt.plural(len(rows), 'stay')}."
    charts.show(figures.spells(rows, view.as_of), key="customers_history", alt=alt, height=height)
    known = [day for day in view.days if rows[0]["first_day"] <= day <= view.as_of]
    if missing := len(set(known) - set(view.customer_days)):
        st.caption(
            f"The customers of {missing} of these {len(known)} days are not stored (`thin_snapshots` deletes those of "
            "old days): on such a day the customer is drawn in the segment of the stored day before."
        )
