"""Movements: who changed segment between two days, from where to where, and why."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import streamlit as st

from rfm_assets.config.segments import NEW_CUSTOMER
from rfm_assets.dashboard import address, charts, html_tables
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.cards import Card, growth_of, show_cards, written
from rfm_assets.dashboard.figures import movements as figures
from rfm_assets.dashboard.periods import Period, purchases
from rfm_assets.dashboard.segment_flows import comparable_days
from rfm_assets.dashboard.segment_flows import flows as moved_between
from rfm_assets.dashboard.view import View, thinned
from rfm_assets.gold.segments import LOOK_BACKS

if TYPE_CHECKING:
    import pandas as pd

COMPARED_DAYS = {f"{fmt.plural(days, 'day')} before": days for days in LOOK_BACKS}
ANOTHER_DAY = "another day"

MEANINGS = {
    "purchased": "Bought since then, or an older order of theirs was delivered since.",
    "aged": "Bought nothing since then: time alone led them to another segment, even under the medians of then.",
    "threshold": "Bought nothing, and under the medians of then they would not have moved: only the medians did.",
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
    st.caption(days if view.all_segments else f"{days}; only customers who are or were in the chosen segments")
    _cards(view, Period(view.as_of, (view.as_of - compared_to).days), everybody, flows)
    _flows(flows, view.segments)


def _compared_to(view: View) -> date | None:
    """The newest day up to the one asked for that the as-of date can be compared with; says so where it is another."""
    days = comparable_days(view.snapshot, view.as_of, view.customer_days)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choice = address.choice(
            "Compared with",
            [*COMPARED_DAYS, ANOTHER_DAY],
            key="movements_compared",
            what="comparison",
            default="7 days before",
        )
        back = COMPARED_DAYS.get(choice) or _asked_for(view, days)
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


def _asked_for(view: View, days: Sequence[date]) -> int:
    """How many days before the as-of date the reader picks a day, within those given."""
    yesterday = view.as_of - timedelta(days=1)
    first, last = (days[0], days[-1]) if days else (yesterday, yesterday)
    default = max(view.as_of - timedelta(days=90), first)
    known = [str(first + timedelta(days=number)) for number in range((last - first).days + 1)]
    address.say_what_is_unknown("movements_day", "earlier day", known, f"{fmt.day(default)} is")
    asked = st.date_input(
        "Day",
        default,
        min_value=first,
        max_value=last,
        key="movements_day",
        bind="query-params",
        format="YYYY-MM-DD",
        width=170,
    )
    return (view.as_of - asked).days


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
        Card("Customers", "Who is in the chosen segments on the later day.", fmt.count(flows["customers"][are].sum())),
        Card(
            f"New in {period.length}",
            "Customers by their first product bought: none had come by the end of the earlier day.",
            fmt.count(flows["new"].sum()),
        ),
        _part("Stayed", "In one segment on both days.", flows["customers"][stayed].sum(), known, "known before"),
        _part("Moved", "In another segment than on the earlier day.", movers, known, "known before"),
    ]
    if growth_of(view.segments) != "bad":  # who has lapsed has not bought
        bought = purchases(view, period).now
        number = written(bought["bought"] if bought else None, fmt.count)
        cards.insert(
            1, Card(f"Bought in {period.length}", "Of whom something came in these days, moved or not.", number)
        )
    if not view.all_segments:
        cards.append(
            Card("In these segments then or now", "Those who stayed, moved or are new: who is drawn.", fmt.count(met))
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


def _flows(flows: "pd.DataFrame", segments: Sequence[str]) -> None:
    """From where to where, and the balance of each of some segments."""
    moved = flows[flows["from_segment"] != flows["to_segment"]]
    if moved.empty:
        st.info("Nobody has moved between these days.")
        return
    if len(segments) < len(charts.SEGMENT_COLOURS):
        st.caption("Moves between other segments are left out.")
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("From where to where", anchor=False, help="Those who stayed are left out.")
        alt = f"{fmt.count(moved['customers'].sum())} customers who came or moved, by segment before and after."
        charts.show(figures.sankey(moved), key="movements_sankey", alt=alt, height=figures.HEIGHT)
    with right:
        st.subheader("Entered and left", anchor=False)
        charts.legend(dict(figures.CAUSES.values()))
        alt = "Customers who entered and left each segment, by cause."
        charts.show(figures.entered_and_left(flows, segments), key="movements_balance", alt=alt, height=figures.HEIGHT)
    st.subheader("Every pair of segments", anchor=False)
    st.caption("From row to column. Those who stayed are in italics.")
    html_tables.show_shaded(figures.matrix(flows), alt="Customers from each segment to each.", at_least=1000)
