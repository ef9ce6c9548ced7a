"""Today, the home page: the week in a sentence, and what to do, largest amounts first."""

from datetime import timedelta
from functools import partial
from html import escape

import streamlit as st

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.audience_download import list_csv
from rfm_assets.dashboard.customer_links import customer_link
from rfm_assets.dashboard.groups import SLIPPED
from rfm_assets.dashboard.hashed_note import show_hashed_note
from rfm_assets.dashboard.links import anchor
from rfm_assets.dashboard.periods import Period, purchases
from rfm_assets.dashboard.screens.segments_map import SETTLED, is_young
from rfm_assets.dashboard.sorting import Order, sorting_of
from rfm_assets.dashboard.threshold_jumps import jumps
from rfm_assets.dashboard.today_actions import BEST, Action, actions, group_rows, unknown
from rfm_assets.dashboard.today_sentence import Week, sentence
from rfm_assets.dashboard.view import View, thinned

WEEK = 7
EXPECTED_MEANS = (
    "Expected revenue: the next 30 days, if each customer spends as their segment did in the latest 30 days measured, "
    "with its 95% interval. It is a segment mean, not a promise for these customers."
)


def page(view: View) -> None:
    """Draws the page."""
    with st.container(key="rfm_sentence"):
        st.markdown(fmt.md(sentence(week(view))))
    for note in young(view):
        st.info(note, icon=":material/info:")
    if not view.has_customers:
        st.info(fmt.md(f"{thinned(view.as_of)}.".capitalize()), icon=":material/info:")
        return
    found = actions(view)
    for number, action in enumerate(found):
        _card(view, action, number)
    if not found:
        st.markdown("Nothing needs your attention today.")
    if any(action.expected for action in found):
        st.caption(EXPECTED_MEANS)
    if found:
        show_hashed_note(view)
    for missing in unknown(view):
        st.caption(fmt.md(f"Not shown: {missing}."))


def week(view: View) -> Week:
    """The facts for the sentence, over the seven days to the as-of date."""
    found = purchases(view, Period(view.as_of, WEEK))
    slipped, spent, won_back = None, 0, None
    if view.has_customers and not SLIPPED.why_not(view):
        (row,) = group_rows(view, "today_group", SLIPPED, BEST)
        slipped, spent = row["customers"], row["spent_in_a_year"]
        ((won),) = view.copy.rows("today_won_back", as_of=view.as_of)
        won_back = won["customers"]
    known = view.copy.has("gold.segment_migration") and not is_young(view)
    return Week(
        view.as_of,
        view.as_of == view.last_day,
        found.now["revenue"] if found.now else 0,
        found.before["revenue"] if found.before else None,
        slipped,
        spent,
        won_back,
        [one for one in jumps(view) if one["day"] > view.as_of - timedelta(days=WEEK)] if known else None,
    )


def young(view: View) -> list[str]:
    """A warning that segments mean little yet; empty from the fifth week on."""
    if not is_young(view):
        return []
    begins = f"History begins on {fmt.day(view.days[0])}."
    return [f"{begins} In the first {SETTLED} days, segments mean little: almost everyone is new."]


def expected_in_words(action: Action) -> str:
    """`Expected in 30 days: £21.3k (£15.2k to £28.1k)`; empty for a card without customers."""
    if not action.group:
        return ""
    if not (expected := action.expected):
        return "Expected in 30 days: not enough history yet."
    low, high = fmt.brief_money(expected["low"]), fmt.brief_money(expected["high"])
    return f"Expected in 30 days: {fmt.brief_money(expected['expected'])} ({low} to {high})"


def _card(view: View, action: Action, number: int) -> None:
    """Draws an action: customers and money on the left, the reason and the links on the right."""
    with st.container(border=True, key=f"rfm_today_{number}"):
        st.header(action.title, anchor=False)
        how_many, why = st.columns([1, 2], gap="medium")
        with how_many:
            st.metric("Who", action.number, action.value, delta_color="off", delta_arrow="off")
            if action.expected:
                st.markdown(fmt.md(expected_in_words(action)))
            elif action.group:
                st.caption(expected_in_words(action))
        with why:
            st.markdown(fmt.md(action.why))
            _first(view, action)
            _ways(view, action)


def _first(view: View, action: Action) -> None:
    """Draws links to the customers who have spent most."""
    if not action.group:
        return
    rows = group_rows(view, "today_first", action.group, action.segments)
    links = [
        f"{anchor(row['customer'], customer_link(view.as_of, row['customer']))} "
        f"({escape(fmt.brief_money(row['spent']))})"
        for row in rows
    ]
    st.html(f"<p class='rfm-links'>First: {', '.join(links)}</p>")


def _order(action: Action) -> Order:
    """The order of a card's export, the one its list opens with."""
    sorting = sorting_of(action.group)
    return sorting.order(sorting.first)


def _ways(view: View, action: Action) -> None:
    """Draws the link to the card's list, and the download of the list."""
    with st.container(horizontal=True, vertical_alignment="center"):
        what = "See customers" if action.group else "See data quality"
        st.html(f"<p class='rfm-links'>{anchor(what, action.to)}</p>", width="content")
        if action.group:
            st.download_button(
                "Export",
                partial(list_csv, view.copy, view.as_of, action.segments, _order(action), action.group.ids(view)),
                f"{view.as_of}_{action.group.name}.csv",
                mime="text/csv",
                icon=":material/download:",
                on_click="ignore",
                key=f"today_export_{action.group.name}",
            )
