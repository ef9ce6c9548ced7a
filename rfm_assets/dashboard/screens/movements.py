"""Movements: who changed segment between two days, from which to which, and why."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from rfm_assets.dashboard import address, charts, html_tables
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.customer_links import flow_link, moved_link
from rfm_assets.dashboard.figures import movements as figures
from rfm_assets.dashboard.html_tables import Numbers
from rfm_assets.dashboard.periods import Period
from rfm_assets.dashboard.screens.movements_cards import movements_cards
from rfm_assets.dashboard.segment_flows import comparable_days
from rfm_assets.dashboard.segment_flows import flows as moved_between
from rfm_assets.dashboard.threshold_jumps import changes
from rfm_assets.dashboard.view import View, thinned
from rfm_assets.gold.segments import LOOK_BACKS

if TYPE_CHECKING:
    import pandas as pd

COMPARED_DAYS = {f"{fmt.plural(days, 'day')} before": days for days in LOOK_BACKS}


def page(view: View) -> None:
    """Draws the page."""
    if view.as_of == view.days[0]:
        st.info(f"No earlier day to compare with: history begins on {fmt.day(view.as_of)}.")
        return
    compared_to = _compared_to(view)
    if compared_to is None:
        return
    everybody = moved_between(view.copy, view.as_of, compared_to)
    flows = everybody
    if not view.all_segments:
        flows = flows[flows["from_segment"].isin(view.segments) | flows["to_segment"].isin(view.segments)]
    days = f"{fmt.day(compared_to)} to {fmt.day(view.as_of)}"
    st.caption(days if view.all_segments else f"{days}; only customers in the chosen segments on either day")
    link = _link(view, compared_to)
    movements_cards(view, Period(view.as_of, (view.as_of - compared_to).days), everybody, flows, link)
    _thresholds(view, compared_to)
    _flows(view, flows, compared_to, days)
    _net(view, compared_to, link)


def _link(view: View, compared_to: date) -> Callable[..., str] | None:
    """Makes URLs of customers who moved between the days, if both days' customers are stored."""
    stored = {view.as_of, compared_to} <= set(view.customer_days)
    return partial(moved_link, view.as_of, compared_to) if stored else None


def _compared_to(view: View) -> date | None:
    """The newest comparable day up to the requested one; says so if it is an earlier one."""
    days = comparable_days(view.copy, view.as_of, view.customer_days)
    back = (view.as_of - view.compare_to).days if view.compare_to else _look_back()
    wanted, found = view.ago(back), view.ago(back, days)
    if wanted is None:
        history = f"history begins on {fmt.day(view.days[0])}"
        st.info(f"No data from {fmt.plural(back, 'day')} before to compare with: {history}.")
    elif found is None:
        missing = wanted if view.has_customers else view.as_of
        st.info(f"No comparison with {fmt.day(wanted)}: {thinned(missing)}.")
    elif found != wanted:
        st.caption(
            f"The customers of {fmt.day(wanted)} are no longer stored: comparing with {fmt.day(found)}, the newest "
            "stored day before it."
        )
    return found


def _look_back() -> int:
    """How many days back to compare, if no date is chosen above."""
    choice = address.choice(
        "Look back", list(COMPARED_DAYS), key="movements_compared", what="comparison", default="7 days before"
    )
    return COMPARED_DAYS[choice]


def _thresholds(view: View, compared_to: date) -> None:
    """Draws which medians moved between the days, and by how much."""
    (shift,) = view.copy.rows("movements_thresholds", as_of=view.as_of, compared_to=compared_to)
    st.markdown(fmt.md(f"Thresholds: {'; '.join(changes(shift))}."))


def _net(view: View, compared_to: date, link: Callable[..., str] | None) -> None:
    """Draws joined, left and net per segment, in customers and money; `link` leads to the customers, if stored."""
    if not link:
        return
    rows = view.copy.rows("movements_money", as_of=view.as_of, compared_to=compared_to)
    by_segment = {row["segment"]: row for row in rows}
    found = [by_segment[segment] for segment in view.segments if segment in by_segment]
    if not found:
        return
    st.header("Net movement by segment", anchor=False)
    by = fmt.day(view.as_of)
    st.caption(f"Money is the {fmt.spend().lower()}, by {by}, of the customers who joined or left.")
    html_tables.show_table(
        {
            "Segment": [row["segment"] for row in found],
            "Joined": Numbers([row["joined"] for row in found], fmt.count),
            "Left": Numbers([row["left"] for row in found], fmt.count),
            "Net": Numbers([row["joined"] - row["left"] for row in found], "{:+,}".format),
            "Joined, spend": Numbers([row["spent_by_joined"] for row in found], fmt.exact_money),
            "Left, spend": Numbers([row["spent_by_left"] for row in found], fmt.exact_money),
            "Net, spend": Numbers([row["spent_by_joined"] - row["spent_by_left"] for row in found], fmt.exact_money),
        },
        key="movements_net",
        to={
            "Joined": [link("joined", target=row["segment"]) for row in found],
            "Left": [link("moved", origin=row["segment"]) for row in found],
        },
        alt="Net movement of each segment.",
    )


def _flows(view: View, flows: "pd.DataFrame", compared_to: date, days: str) -> None:
    """Draws the flows, and the balance of each chosen segment; `days` names both days."""
    link, segments = _link(view, compared_to), view.segments
    moved = flows[flows["from_segment"] != flows["to_segment"]]
    if moved.empty:
        st.info("Nobody moved between these dates.")
        return
    if len(segments) < len(charts.SEGMENT_COLOURS):
        st.caption("Moves between other segments are not shown.")
    left, right = st.columns(2, gap="medium")
    with left:
        _sankey(moved, days, link)
    with right:
        _balance(flows, segments, days, link)
    st.header("Migration matrix", anchor=False)
    st.caption("From row to column; click a number to see its customers. Customers who stayed are in italics.")
    html_tables.show_shaded(
        figures.matrix(flows, partial(flow_link, view.as_of, compared_to) if link else None),
        key="movements_matrix",
        alt=f"Customers from each segment to each, {days}.",
        data=partial(figures.matrix_data, flows),
        at_least=1000,
    )


def _sankey(moved: "pd.DataFrame", days: str, link: Callable[..., str] | None) -> None:
    st.header("Segment flow", anchor=False, help="Without customers who stayed.")
    alt = f"{fmt.count(moved['customers'].sum())} customers who came or moved, by segment before and after, {days}."
    leads = figures.flow_leads(link) if link else None
    charts.show(figures.sankey(moved), key="movements_sankey", alt=alt, height=figures.HEIGHT, leads=leads)


def _balance(flows: "pd.DataFrame", segments: Sequence[str], days: str, link: Callable[..., str] | None) -> None:
    st.header("Joined / left", anchor=False)
    charts.show(
        figures.joined_and_left(flows, segments),
        key="movements_balance",
        alt=f"Customers who joined and left each segment, by cause, {days}.",
        height=figures.HEIGHT,
        colours=dict(figures.CAUSES.values()),
        patterns=figures.PATTERNS,
        leads=figures.balance_leads(link) if link else None,
    )
