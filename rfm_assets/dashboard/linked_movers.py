"""Who moved between two days: what an address of Customers asks for with a reason or with segments."""

from dataclasses import dataclass
from datetime import date

import streamlit as st

from rfm_assets.config.segments import NEW_CUSTOMER
from rfm_assets.dashboard import address
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.behind_links import CAUSES, MOVED_FROM, MOVED_TO, SINCE, WHY
from rfm_assets.dashboard.behind_money import Counted
from rfm_assets.dashboard.groups import Group
from rfm_assets.dashboard.segment_flows import moved_customers
from rfm_assets.dashboard.view import View, thinned
from rfm_assets.gold.segments import RECOMMENDATIONS
from rfm_assets.literals import literal
from rfm_assets.warehouse.query import Query, sql

_MOVED = {
    "ordered": "who ordered and moved",
    "lapsed": "who lapsed",
    "thresholds": "who moved because thresholds shifted",
    "new": "new",
    "stayed": "who stayed",
    "moved": "who moved",
    "joined": "who joined",
}


@dataclass(frozen=True)
class Behind:
    """Some customers, in words, and the SELECT that finds their ids."""

    words: str
    ids: Query
    counted: Counted | None = None
    """What the mark counted of them, where that is not all they have spent."""
    group: Group | None = None
    """Which group of Today's they are, if any."""


def moved(view: View) -> Behind | None:
    """Who the address asks for; None is everyone. What it asks for in vain is said."""
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
    ids = sql("rfm_assets.dashboard", "queries/behind_moved", moved_customers=moved_customers(view.as_of, since)).given(
        moved_from=literal(origin), moved_to=literal(target), causes=", ".join(map(literal, sorted(causes)))
    )
    return Behind(moved_words(origin, target, why, date.fromisoformat(since)), ids)


def moved_words(origin: str, target: str, why: str, since: date) -> str:
    """Who moved, in words: `who lapsed since 21 Apr 2026, from High Value - Active & Engaged`."""
    if not why:
        was = f"new since {fmt.day(since)}" if origin == NEW_CUSTOMER else f"in {origin} on {fmt.day(since)}"
        return ", ".join([was] * bool(origin) + [f"now in {target}"] * bool(target))
    places = f"{f', from {origin}' if origin else ''}{f', to {target}' if target else ''}"
    return f"{_MOVED[why]} since {fmt.day(since)}{places}"
