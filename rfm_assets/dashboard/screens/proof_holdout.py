"""The part of the page Proof about campaigns: customers held out of a day's audiences, compared with the rest."""

from collections.abc import Callable, Mapping
from datetime import date

import streamlit as st

from rfm_assets.dashboard import address, charts, html_tables
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.holdout_outcomes import (
    EVERYBODY,
    HORIZON,
    Sides,
    best_to_open,
    comparable_lists,
    followed_to,
    in_money,
    in_points,
    outcomes,
    verdict,
)
from rfm_assets.dashboard.html_tables import Numbers
from rfm_assets.dashboard.proof_words import revenue_said
from rfm_assets.dashboard.view import View
from rfm_assets.proof.holdout import ENOUGH, Difference, Side, can_be_compared, more_bought, more_spent

NOT_ENOUGH = "not enough data"
KEY = "proof_lists"


def proof_holdout(view: View) -> None:
    """Draws the comparison; without a holdout, how to set one up."""
    st.header("What campaigns brought", anchor=False)
    lists = comparable_lists(view)
    if not lists:
        st.caption(
            "No audience before this date has a holdout to compare. Set `holdout_share` in `[audiences]` of the shop "
            "file, and exclude customers with `Holdout` true from what you send."
        )
        return
    day = _choose(view, list(lists))
    holdout, last = lists[day], followed_to(day, view.as_of)
    found = outcomes(view, day, holdout)
    so_far = "" if (last - day).days == HORIZON else f", {fmt.plural((last - day).days, 'day')} so far"
    share = fmt.percent(100 * holdout.share, 0 if holdout.share * 100 % 1 == 0 else 1)
    st.caption(
        fmt.md(
            f"Campaign {holdout.campaign}: {share} of customers held out. Both sides are followed to {fmt.day(last)}"
            f"{so_far}. {revenue_said()}"
        )
    )
    if EVERYBODY in found:
        st.markdown(f"**{fmt.md(verdict(found[EVERYBODY]))}**")
    _table(found)
    st.caption(
        f"In brackets, 95% intervals of the difference; {NOT_ENOUGH} if either side has fewer than {ENOUGH} "
        "customers. Valid only if nobody with `Holdout` true was contacted, and everybody else was. With twelve "
        "segments, one may differ by chance: look at the overall result first."
    )


def _choose(view: View, compared: list[date]) -> date:
    """The day of the chosen lists, among those that can be compared."""
    days = {str(day): day for day in reversed(compared)}
    opened = str(best_to_open(compared, view.as_of))
    address.say_what_is_unknown(KEY, "lists", list(days), f"those of {opened} are")
    chosen = st.selectbox("Lists of", list(days), list(days).index(opened), key=KEY, width=220, bind="query-params")
    return days[chosen]


def _table(found: Mapping[str, Sides]) -> None:
    segments = [segment for segment in (EVERYBODY, *charts.in_order(list(found))) if segment in found]
    sides = [found[segment] for segment in segments]
    html_tables.show_table(
        {
            "Segment": segments,
            "On lists": Numbers([reached.customers for reached, _ in sides], fmt.count),
            "Held out": Numbers([held_out.customers for _, held_out in sides], fmt.count),
            "Bought": Numbers([100 * reached.rate for reached, _ in sides], fmt.percent),
            "Bought, held out": Numbers([100 * held_out.rate for _, held_out in sides], fmt.percent),
            "Difference in points": Numbers([_told(both, more_bought, in_points) for both in sides], str),
            "Revenue each": Numbers([reached.each for reached, _ in sides], fmt.exact_money),
            "Revenue each, held out": Numbers([held_out.each for _, held_out in sides], fmt.exact_money),
            "Difference in revenue": Numbers([_told(both, more_spent, in_money) for both in sides], str),
        },
        key="proof_holdout",
        alt="Contacted and held-out customers by segment: who bought, revenue, and the differences.",
    )


def _told(sides: Sides, difference: Callable[[Side, Side], Difference], write: Callable[[Difference], str]) -> str:
    return write(difference(*sides)) if can_be_compared(*sides) else NOT_ENOUGH
