"""The date above every page: a picker with step buttons, and on some pages a second date to compare with."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import streamlit as st

from rfm_assets.dashboard import address
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.figure import COPY_LINK
from rfm_assets.dashboard.links import show_links

COMPARE_TO = "compare_to"
"""The second date's parameter in the URL, and the key of its picker."""
WEEK = timedelta(days=7)
OLD = 7
"""Days without newer data after which a page says that its data is old."""


def steps(days: Sequence[date], day: date) -> dict[str, date | None]:
    """The day that each step leads to, or None. `days` are in order, oldest first."""
    earlier, later = days[: bisect_left(days, day)], days[bisect_right(days, day) :]
    week_ago = days[: bisect_right(days, day - WEEK)]
    month_ends = (one for one in reversed(earlier) if (one + timedelta(days=1)).day == 1)
    return {
        "Previous": earlier[-1] if earlier else None,
        "Next": later[0] if later else None,
        "Latest": later[-1] if later else None,
        "Week ago": week_ago[-1] if week_ago else None,
        "Month end": next(month_ends, None),
    }


def choose_date(days: Sequence[date]) -> date:
    """Draws the picker and its steps; returns the chosen date."""
    day = address.day_asked_for(days)
    st.session_state[address.DAY] = day
    st.date_input(
        "Date",
        min_value=days[0],
        max_value=days[-1],
        key=address.DAY,
        format="YYYY-MM-DD",
        help=fmt.AS_OF_HELP,
        width=160,
    )
    for label, to in steps(days, day).items():
        st.button(label, key=f"date_{label}", on_click=_go, args=(to,), disabled=to is None)
    st.html(COPY_LINK, width="content")
    return day


def choose_comparison(days: Sequence[date], day: date) -> date | None:
    """Draws the picker of the date to compare with; None if the reader chose none."""
    known = [str(one) for one in days if one < day]
    address.say_what_is_unknown(COMPARE_TO, "earlier date", known, "no date to compare with is")
    chosen = st.session_state.get(COMPARE_TO)
    if chosen and str(chosen) not in known:  # the date moved back past it
        st.session_state[COMPARE_TO] = None
    found: date | None = st.date_input(
        "Compare to",
        None,
        min_value=days[0],
        max_value=day - timedelta(days=1) if known else days[0],
        key=COMPARE_TO,
        bind="query-params",
        persist_state="session",
        format="YYYY-MM-DD",
        help="Optional: an earlier date to compare with. Otherwise each page compares with the period before.",
        disabled=not known,
        width=190,
    )
    return found if str(found) in known else None


def say_how_new(days: Sequence[date], day: date) -> None:
    """Says above a page if it shows an earlier day, with a link to the newest, or if the newest is old."""
    today = datetime.now(UTC).date()
    if said := how_new(day, days[-1], today):
        show_links({"Show the newest": address.link(days[-1])} if day < days[-1] else {}, said)


def how_new(day: date, newest: date, today: date) -> str:
    """`You are looking at 28 Feb 2026, not at the newest day, 28 Apr 2026.`; empty if the page is up to date."""
    said = []
    if day < newest:
        said.append(f"You are looking at {fmt.day(day)}, not at the newest day, {fmt.day(newest)}.")
    if (age := (today - newest).days) > OLD:
        said.append(f"Nothing newer has arrived for {fmt.plural(age, 'day')}.")
    return " ".join(said)


def _go(to: date) -> None:
    st.session_state[address.DAY] = to
