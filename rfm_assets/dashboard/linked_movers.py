"""The customers who moved between two days, by cause or segments, that a URL of the page Customers selects."""

from datetime import date

import streamlit as st

from rfm_assets.config.segments import NEW_CUSTOMER
from rfm_assets.dashboard import address
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.customer_links import CAUSES, MOVED_FROM, MOVED_TO, SINCE, WHY
from rfm_assets.dashboard.customer_selection import CustomerSelection
from rfm_assets.dashboard.segment_flows import moved_customers
from rfm_assets.dashboard.view import View, thinned
from rfm_assets.gold.segments import RECOMMENDATIONS
from rfm_assets.literals import literal
from rfm_assets.warehouse.query import sql

_MOVED = {
    "ordered": "who ordered and moved",
    "lapsed": "who lapsed",
    "thresholds": "who moved because thresholds shifted",
    "new": "new",
    "stayed": "who stayed",
    "moved": "who moved",
    "joined": "who joined",
}


def linked_movers(view: View) -> CustomerSelection | None:
    """The movers that the URL selects; None is everyone. Says so if the URL asks for something unknown."""
    known = {
        MOVED_FROM: ("earlier segment", [*RECOMMENDATIONS, NEW_CUSTOMER]),
        MOVED_TO: ("later segment", RECOMMENDATIONS),
        WHY: ("reason", CAUSES),
    }
    since = st.query_params.get(SINCE, "")
    if since in {str(day) for day in view.days} - {str(day) for day in view.customer_days}:
        st.info(fmt.md(f"{thinned(date.fromisoformat(since))}.".capitalize()))
        return None
    days = [str(day) for day in view.customer_days if day < view.as_of]
    if since not in days or any(st.query_params.get(key, min(of)) not in of for key, (_, of) in known.items()):
        for key, (what, of) in {**known, SINCE: ("earlier date", days)}.items():
            address.say_what_is_unknown(key, what, of, "everyone is")
        return None
    origin, target, why = (st.query_params.get(key, "") for key in known)
    if not origin + target + why:
        return None
    causes = CAUSES[why] if why else {cause for of in CAUSES.values() for cause in of}
    ids = sql("rfm_assets.dashboard", "queries/linked_moved", moved_customers=moved_customers(view.as_of, since)).given(
        moved_from=literal(origin), moved_to=literal(target), causes=", ".join(map(literal, sorted(causes)))
    )
    return CustomerSelection(moved_words(origin, target, why, date.fromisoformat(since)), ids)


def moved_words(origin: str, target: str, why: str, since: date) -> str:
    """The movers in words: `who lapsed since 21 Apr 2026, from High Value - Active & Engaged`."""
    if not why:
        was = f"new since {fmt.day(since)}" if origin == NEW_CUSTOMER else f"in {origin} on {fmt.day(since)}"
        return ", ".join([was] * bool(origin) + [f"now in {target}"] * bool(target))
    places = f"{f', from {origin}' if origin else ''}{f', to {target}' if target else ''}"
    return f"{_MOVED[why]} since {fmt.day(since)}{places}"
