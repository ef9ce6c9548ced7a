"""Who is behind a mark: the customers of a flow, a cell or a card, as an address of Customers asks for them."""

from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from rfm_assets.config.segments import NEW_CUSTOMER
from rfm_assets.dashboard import address
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.groups import GROUPS, WHO
from rfm_assets.dashboard.restated import restated
from rfm_assets.dashboard.view import View, thinned
from rfm_assets.gold.segments import RECOMMENDATIONS
from rfm_assets.warehouse.query import Query, literal, sql

MOVED_FROM, SINCE, ORDERED, NEW, COHORT, AGAIN = "moved_from", "since", "ordered_in", "new_in", "cohort", "again_in"
THRESHOLDS_OF, PLACED_IN = "thresholds_of", "placed_in"
KEYS = (MOVED_FROM, SINCE, ORDERED, NEW, COHORT, AGAIN, THRESHOLDS_OF, PLACED_IN, WHO)
"""What an address says of them."""
_MOST_DAYS = 365


@dataclass(frozen=True)
class Behind:
    """Some customers, in words, and the SELECT that finds their ids."""

    words: str
    ids: Query


def flow_link(day: date, since: date, origin: str, target: str) -> str:
    """The address of those who were in one segment, or new, and are in another."""
    return address.page_link("customers", day, **{"segment": target, MOVED_FROM: origin, SINCE: since})


def ordered_link(day: date, days: int, *, only_new: bool = False, **query: object) -> str:
    """The address of those who ordered in the last days, or only of those who are new in them."""
    return address.page_link("customers", day, **{NEW if only_new else ORDERED: days}, **query)


def cohort_link(day: date, cohort: str, again: str) -> str:
    """The address of those who first bought in one month and bought again in another: `2025-06`."""
    return address.page_link("customers", day, **{COHORT: cohort, AGAIN: again})


def restated_link(day: date, thresholds_of: date, segment: str) -> str:
    """The address of those who are in a segment by the thresholds of another day."""
    return address.page_link("customers", day, **{THRESHOLDS_OF: thresholds_of, PLACED_IN: segment})


def asked_for(view: View) -> Behind | None:
    """Who the address asks for; None is everyone. What it asks for in vain is said."""
    params = st.query_params
    if WHO in params:
        return _group(view)
    if MOVED_FROM in params or SINCE in params:
        return _moved(view)
    for key in (ORDERED, NEW):
        if key in params:
            return _ordered(view, key)
    if THRESHOLDS_OF in params or PLACED_IN in params:
        return _restated(view)
    return _cohort(view) if COHORT in params else None


def _group(view: View) -> Behind | None:
    address.say_what_is_unknown(WHO, "group", GROUPS, "everyone is")
    group = GROUPS.get(st.query_params[WHO])
    if group is None:
        return None
    if why := group.why_not(view):
        st.info(fmt.md(f"Customers {group.words} cannot be found: {why}. Everyone is shown."))
        return None
    return Behind(group.words, group.ids(view))


def _moved(view: View) -> Behind | None:
    days = [str(day) for day in view.customer_days if day < view.as_of]
    origins = [*RECOMMENDATIONS, NEW_CUSTOMER]
    origin, since = st.query_params.get(MOVED_FROM, ""), st.query_params.get(SINCE, "")
    if origin not in origins or since not in days:
        address.say_what_is_unknown(MOVED_FROM, "earlier segment", origins, "everyone is")
        if since in {str(day) for day in view.days}:
            st.info(fmt.md(f"{thinned(date.fromisoformat(since))}.".capitalize()))
        else:
            address.say_what_is_unknown(SINCE, "earlier date", days, "everyone is")
        return None
    day = date.fromisoformat(since)
    words = f"new since {fmt.day(day)}" if origin == NEW_CUSTOMER else f"in {origin} on {fmt.day(day)}"
    return Behind(words, _query(view, "moved", since=f"DATE '{day}'", moved_from=literal(origin)))


def _ordered(view: View, key: str) -> Behind | None:
    known = [str(days) for days in range(1, _MOST_DAYS + 1)]
    address.say_what_is_unknown(key, "number of days", known, "everyone is")
    days = st.query_params[key]
    if days not in known:
        return None
    words = f"{'new' if key == NEW else 'who ordered'} in the {fmt.plural(int(days), 'day')} to {fmt.day(view.as_of)}"
    since = view.as_of - timedelta(days=int(days))
    return Behind(words, _query(view, "ordered", since=f"DATE '{since}'", only_new="true" if key == NEW else "false"))


def _cohort(view: View) -> Behind | None:
    first, later = _month(st.query_params[COHORT]), _month(st.query_params.get(AGAIN, ""))
    if first is None or later is None:
        address.say_what_is_unknown(COHORT, "cohort", [], "everyone is")
        return None
    words = f"who first bought in {first:%B %Y} and bought in {later:%B %Y}"
    return Behind(words, _query(view, "cohort", cohort=f"DATE '{first}'", again=f"DATE '{later}'"))


def _restated(view: View) -> Behind | None:
    days = [str(day) for day in view.days]
    day, segment = st.query_params.get(THRESHOLDS_OF, ""), st.query_params.get(PLACED_IN, "")
    if day not in days or segment not in RECOMMENDATIONS:
        address.say_what_is_unknown(THRESHOLDS_OF, "thresholds of", days, "everyone is")
        address.say_what_is_unknown(PLACED_IN, "segment", RECOMMENDATIONS, "everyone is")
        return None
    thresholds_of = date.fromisoformat(day)
    ids = f"SELECT CustomerID FROM restated WHERE segment = {literal(segment)}"
    words = f"who are in {segment} by the thresholds of {fmt.day(thresholds_of)}"
    return Behind(words, Query(ids, {"restated": restated(view.as_of, thresholds_of)}))


def _month(text: str) -> date | None:
    """The first day of a month such as `2025-06`; None of anything else."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


def _query(view: View, name: str, **expressions: str) -> Query:
    """The statement with its values written in, so that a list and a download share it; each value was checked."""
    found = sql("rfm_assets.dashboard", f"queries/behind_{name}")
    return found.given(as_of=f"DATE '{view.as_of}'", **expressions)
