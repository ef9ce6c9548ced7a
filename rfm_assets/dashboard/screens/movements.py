"""Movements: who changed segment between two days, from where to where, and why."""

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from rfm_assets.config.segments import NEW_CUSTOMER
from rfm_assets.dashboard import address, charts, html_tables
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.behind import flow_link
from rfm_assets.dashboard.cards import Card, growth_of, show_cards, written
from rfm_assets.dashboard.figures import movements as figures
from rfm_assets.dashboard.periods import Period, purchases
from rfm_assets.dashboard.segment_flows import comparable_days
from rfm_assets.dashboard.segment_flows import flows as moved_between
from rfm_assets.dashboard.threshold_jumps import changes
from rfm_assets.dashboard.view import View, thinned
from rfm_assets.gold.segments import LOOK_BACKS

if TYPE_CHECKING:
    import pandas as pd

COMPARED_DAYS = {f"{fmt.plural(days, 'day')} before": days for days in LOOK_BACKS}

MEANINGS = {
    "purchased": "Ordered since then, or an older order of theirs was delivered since.",
    "aged": "Ordered nothing since then: time alone moved them, even under the earlier day's thresholds.",
    "threshold": "Ordered nothing, and would not have moved had the thresholds not shifted.",
}


def page(view: View) -> None:
    """Draws the page."""
    if view.as_of == view.days[0]:
        st.info(f"There is no earlier day to compare with: history begins on {fmt.day(view.as_of)}.")
        return
    compared_to = _compared_to(view)
    if compared_to is None:
        return
    everybody = moved_between(view.snapshot, view.as_of, compared_to)
    flows = everybody
    if not view.all_segments:
        flows = flows[flows["from_segment"].isin(view.segments) | flows["to_segment"].isin(view.segments)]
    days = f"{fmt.day(compared_to)} to {fmt.day(view.as_of)}"
    st.caption(days if view.all_segments else f"{days}; only customers in the chosen segments on either day")
    _cards(view, Period(view.as_of, (view.as_of - compared_to).days), everybody, flows)
    _thresholds(view, compared_to)
    _flows(view, compared_to, flows, days)
    _money(view, compared_to)


def _compared_to(view: View) -> date | None:
    """The newest day up to the one asked for that the as-of date can be compared with; says so where it is another."""
    days = comparable_days(view.snapshot, view.as_of, view.customer_days)
    back = (view.as_of - view.compare_to).days if view.compare_to else _look_back()
    wanted, found = view.ago(back), view.ago(back, days)
    if wanted is None:
        history = f"history begins on {fmt.day(view.days[0])}"
        st.info(f"There is no day {fmt.plural(back, 'day')} before to compare with: {history}.")
    elif found is None:
        missing = wanted if view.as_of in view.customer_days else view.as_of
        st.info(f"{fmt.day(wanted)} cannot be compared with: {thinned(missing)}.")
    elif found != wanted:
        st.caption(
            f"{fmt.day(wanted)} cannot be compared with, since the customers of old days are not stored: "
            f"{fmt.day(found)} is the newest day before it that can be."
        )
    return found


def _look_back() -> int:
    """How many days before the as-of date to compare with, where no date is chosen above."""
    choice = address.choice(
        "Look back", list(COMPARED_DAYS), key="movements_compared", what="comparison", default="7 days before"
    )
    return COMPARED_DAYS[choice]


def _cards(view: View, period: Period, everybody: "pd.DataFrame", flows: "pd.DataFrame") -> None:
    """How many stayed, moved and came, and why they moved.

    Stayed, moved and new make up who is or was in the chosen segments. Shares are of everybody, whatever is chosen.
    """
    is_new, stayed = flows["from_segment"] == NEW_CUSTOMER, flows["from_segment"] == flows["to_segment"]
    moved = flows[~is_new & ~stayed]
    movers = int(moved["customers"].sum())
    known = int((everybody["customers"] - everybody["new"]).sum())
    are, met = flows["to_segment"].isin(view.segments), int(flows["customers"].sum())
    cards = [
        Card(
            "Customers", "Customers in the chosen segments on the later day.", fmt.count(flows["customers"][are].sum())
        ),
        Card(
            f"New in {period.length}",
            "Customers by their first product bought: none had come by the end of the earlier day.",
            fmt.count(flows["new"].sum()),
        ),
        _part("Stayed", "In the same segment on both days.", flows["customers"][stayed].sum(), known, "known before"),
        _part("Moved", "In a different segment from the earlier day.", movers, known, "known before"),
    ]
    if growth_of(view.segments) != "bad":  # who has lapsed has not bought
        bought = purchases(view, period).now
        number = written(bought["bought"] if bought else None, fmt.count)
        cards.insert(
            1,
            Card(
                f"Bought in {period.length}",
                "Customers with a purchase delivered in these days, whether they moved or not.",
                number,
            ),
        )
    if not view.all_segments:
        cards.append(
            Card("In these segments on either day", "Those who stayed, moved or are new: who is drawn.", fmt.count(met))
        )
    show_cards(cards)
    show_cards(
        _part(figures.CAUSES[cause][0], meaning, moved[cause].sum(), movers, "who moved")
        for cause, meaning in MEANINGS.items()
    )


def _part(label: str, meaning: str, number: int, whole: int, of_whom: str) -> Card:
    """A number with its share of a whole, which is told too."""
    share = fmt.percent(100 * number / max(whole, 1))
    return Card(label, meaning, fmt.count(number), share, of=f"of the {fmt.count(whole)} {of_whom}")


def _thresholds(view: View, compared_to: date) -> None:
    """Which median moved between the days, and by how much."""
    (shift,) = view.snapshot.rows("movements_thresholds", as_of=view.as_of, compared_to=compared_to)
    st.markdown(fmt.md(f"Thresholds: {'; '.join(changes(shift))}."))


def _money(view: View, compared_to: date) -> None:
    """Joined, left and net of each segment, in customers and money."""
    if not {view.as_of, compared_to} <= set(view.customer_days):
        return
    rows = view.snapshot.rows("movements_money", as_of=view.as_of, compared_to=compared_to)
    by_segment = {row["segment"]: row for row in rows}
    found = [by_segment[segment] for segment in view.segments if segment in by_segment]
    if not found:
        return
    st.header("Net movement by segment", anchor=False)
    st.caption(f"Money is the lifetime spend, by {fmt.day(view.as_of)}, of those who joined and of those who left.")
    html_tables.show_table(
        {
            "Segment": [row["segment"] for row in found],
            "Joined": [row["joined"] for row in found],
            "Left": [row["left"] for row in found],
            "Net": [row["joined"] - row["left"] for row in found],
            "Joined, spend": [row["spent_by_joined"] for row in found],
            "Left, spend": [row["spent_by_left"] for row in found],
            "Net, spend": [row["spent_by_joined"] - row["spent_by_left"] for row in found],
        },
        key="movements_net",
        numbers={"Joined": fmt.count, "Left": fmt.count, "Net": "{:+,}".format}
        | dict.fromkeys(("Joined, spend", "Left, spend", "Net, spend"), fmt.exact_money),
        alt="Net movement of each segment.",
    )


def _flows(view: View, compared_to: date, flows: "pd.DataFrame", days: str) -> None:
    """From where to where, and the balance of each of the chosen segments; `days` is from when to when."""
    segments = view.segments
    moved = flows[flows["from_segment"] != flows["to_segment"]]
    if moved.empty:
        st.info("Nobody moved between these dates.")
        return
    if len(segments) < len(charts.SEGMENT_COLOURS):
        st.caption("Moves between other segments are left out.")
    left, right = st.columns(2, gap="medium")
    with left:
        st.header("Segment flow", anchor=False, help="Those who stayed are left out.")
        alt = f"{fmt.count(moved['customers'].sum())} customers who came or moved, by segment before and after, {days}."
        charts.show(figures.sankey(moved), key="movements_sankey", alt=alt, height=figures.HEIGHT)
    with right:
        st.header("Joined / left", anchor=False)
        charts.show(
            figures.joined_and_left(flows, segments),
            key="movements_balance",
            alt=f"Customers who joined and left each segment, by cause, {days}.",
            height=figures.HEIGHT,
            colours=dict(figures.CAUSES.values()),
            patterns=figures.PATTERNS,
        )
    st.header("Migration matrix", anchor=False)
    st.caption("From row to column; a number opens its customers. Those who stayed are in italics.")
    link = partial(flow_link, view.as_of, compared_to) if {view.as_of, compared_to} <= set(view.customer_days) else None
    html_tables.show_shaded(
        figures.matrix(flows, link),
        key="movements_matrix",
        alt=f"Customers from each segment to each, {days}.",
        data=partial(figures.matrix_data, flows),
        at_least=1000,
    )
