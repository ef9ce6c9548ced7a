"""The customers that a URL of the page Customers selects, as `customer_links` makes them."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import streamlit as st

from rfm_assets.dashboard import address
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.best_fifth import best_fifth
from rfm_assets.dashboard.counted_money import money_of_group, revenue, sales
from rfm_assets.dashboard.customer_links import (
    AGAIN,
    BEST_FIFTH,
    BOUGHT_IN,
    CLUSTER,
    COHORT,
    COUNTRY,
    FIRST_ON,
    FOLLOWED,
    MOVED_FROM,
    MOVED_TO,
    NEW,
    ORDERED,
    PLACED_IN,
    SINCE,
    THRESHOLDS_OF,
    WHY,
)
from rfm_assets.dashboard.customer_selection import CustomerSelection
from rfm_assets.dashboard.groups import GROUPS, WHO
from rfm_assets.dashboard.linked_movers import linked_movers
from rfm_assets.dashboard.proof_words import METHODS, name_of
from rfm_assets.dashboard.restated import restated
from rfm_assets.dashboard.view import View
from rfm_assets.gold.segments import RECOMMENDATIONS
from rfm_assets.literals import literal
from rfm_assets.warehouse.query import Query, sql

_MOST_DAYS = 365


def linked_customers(view: View) -> CustomerSelection | None:
    """The customers that the URL selects; None is everyone. Says so if the URL asks for something unknown."""
    return next((find(view) for keys, find in _ASKED.items() if any(key in st.query_params for key in keys)), None)


def _group(view: View) -> CustomerSelection | None:
    address.say_what_is_unknown(WHO, "group", GROUPS, "everyone is")
    group = GROUPS.get(st.query_params[WHO])
    if group is None:
        return None
    if why := group.why_not(view):
        st.info(fmt.md(f"Customers {group.words} cannot be found: {why}. Everyone is shown."))
        return None
    return CustomerSelection(group.words, group.ids(view), money_of_group(view, group), group)


def _delivered(view: View, key: str) -> CustomerSelection | None:
    known = [str(days) for days in range(1, _MOST_DAYS + 1)]
    address.say_what_is_unknown(key, "number of days", known, "everyone is")
    days = st.query_params[key]
    if days not in known:
        return None
    words = f"{'new' if key == NEW else 'who ordered'} in the {fmt.plural(int(days), 'day')} to {fmt.day(view.as_of)}"
    since = view.as_of - timedelta(days=int(days))
    ids = _query(view, "ordered", since=f"DATE '{since}'", only_new="true" if key == NEW else "false")
    return CustomerSelection(words, ids, revenue(view, f"of revenue in the {fmt.plural(int(days), 'day')}", int(days)))


def _cohort(view: View) -> CustomerSelection | None:
    unit = "week" if len(st.query_params.get(COHORT, "")) > len("2025-06") else "month"
    first, later = (_first_day(st.query_params.get(key, ""), unit) for key in (COHORT, AGAIN))
    if first is None or later is None:
        address.say_what_is_unknown(COHORT, "cohort", [], "everyone is")
        return None
    one, other = (_named(day, unit) for day in (first, later))
    condition = (
        f"min(date_trunc('{unit}', day)) = DATE '{first}' AND bool_or(date_trunc('{unit}', day) = DATE '{later}')"
    )
    counted = sales(view, f"in {other}", f"date_trunc('{unit}', day) = DATE '{later}'")
    words = f"who first bought in {one} and bought in {other}"
    return CustomerSelection(words, _query(view, "sales", condition=condition), counted)


def _month(view: View) -> CustomerSelection | None:
    month = _first_day(st.query_params[BOUGHT_IN], "month")
    if month is None:
        address.say_what_is_unknown(BOUGHT_IN, "month", [], "everyone is")
        return None
    condition, name = f"date_trunc('month', day) = DATE '{month}'", _named(month, "month")
    ids = _query(view, "sales", condition=f"bool_or({condition})")
    return CustomerSelection(f"who bought in {name}", ids, sales(view, f"in {name}", condition))


def _first(view: View) -> CustomerSelection | None:
    day = _first_day(st.query_params[FIRST_ON], "day")
    if day is None:
        address.say_what_is_unknown(FIRST_ON, "first day", [], "everyone is")
        return None
    return CustomerSelection(
        f"who first bought on {fmt.day(day)}", _query(view, "sales", condition=f"min(day) = DATE '{day}'")
    )


def _country(view: View) -> CustomerSelection | None:
    known = [str(row["country"]) for row in view.copy.rows("countries", as_of=view.as_of)]
    address.say_what_is_unknown(COUNTRY, "country", known, "everyone is")
    country = st.query_params[COUNTRY]
    if country not in known:
        return None
    condition = f"coalesce(Country, 'Unknown') = {literal(country)}"
    ids = _query(view, "sales", condition=f"bool_or({condition})")
    return CustomerSelection(f"who bought from {country}", ids, sales(view, f"from {country}", condition))


def _cluster(view: View) -> CustomerSelection | None:
    names = {str(row["Cluster"]): row["Cluster_Description"] for row in view.copy.rows("clusters", as_of=view.as_of)}
    address.say_what_is_unknown(CLUSTER, "cluster", names, "everyone is")
    cluster = st.query_params[CLUSTER]
    if cluster not in names:
        return None
    ids = f"SELECT CustomerID FROM ml.customer_clusters WHERE as_of_date = DATE '{view.as_of}' AND Cluster = {cluster}"
    return CustomerSelection(f"of cluster {cluster}, {names[cluster]}", Query(ids))


def _restated(view: View) -> CustomerSelection | None:
    days = [str(day) for day in view.days]
    day, segment = st.query_params.get(THRESHOLDS_OF, ""), st.query_params.get(PLACED_IN, "")
    if day not in days or segment not in RECOMMENDATIONS:
        address.say_what_is_unknown(THRESHOLDS_OF, "thresholds of", days, "everyone is")
        address.say_what_is_unknown(PLACED_IN, "segment", RECOMMENDATIONS, "everyone is")
        return None
    thresholds_of = date.fromisoformat(day)
    ids = f"SELECT CustomerID FROM restated WHERE segment = {literal(segment)}"
    words = f"who are in {segment} by the thresholds of {fmt.day(thresholds_of)}"
    return CustomerSelection(words, Query(ids, {"restated": restated(view.as_of, thresholds_of)}))


def _fifth(view: View) -> CustomerSelection | None:
    method, days = st.query_params.get(BEST_FIFTH, ""), st.query_params.get(FOLLOWED, "")
    known = {str(row["days"]) for row in view.copy.rows("proof_horizons", as_of=view.last_day)}
    if method not in METHODS or days not in known:
        address.say_what_is_unknown(BEST_FIFTH, "ranking", METHODS, "everyone is")
        address.say_what_is_unknown(FOLLOWED, "horizon", known, "everyone is")
        return None
    words = f"in the best fifth by {name_of(method)}, ties at its edge included"
    return CustomerSelection(words, best_fifth(view.as_of, method, int(days)))


_ASKED: Mapping[tuple[str, ...], Callable[[View], CustomerSelection | None]] = {
    (WHO,): _group,
    (MOVED_FROM, MOVED_TO, SINCE, WHY): linked_movers,
    (ORDERED,): lambda view: _delivered(view, ORDERED),
    (NEW,): lambda view: _delivered(view, NEW),
    (COHORT, AGAIN): _cohort,
    (BOUGHT_IN,): _month,
    (FIRST_ON,): _first,
    (COUNTRY,): _country,
    (CLUSTER,): _cluster,
    (THRESHOLDS_OF, PLACED_IN): _restated,
    (BEST_FIFTH, FOLLOWED): _fifth,
}
KEYS = tuple(key for keys in _ASKED for key in keys)
"""The parameters of these URLs."""


def _first_day(text: str, unit: str) -> date | None:
    """The first day of a month such as `2025-06`, or the day for any other unit; None for anything else."""
    try:
        return date.fromisoformat(f"{text}-01" if unit == "month" else text)
    except ValueError:
        return None


def _named(day: date, unit: str) -> str:
    return f"{day:%B %Y}" if unit == "month" else f"the week of {fmt.day(day)}"


def _query(view: View, name: str, **expressions: str) -> Query:
    """The statement with its values as literals, for both list and download; the callers validate each value."""
    found = sql("rfm_assets.dashboard", f"queries/linked_{name}")
    return found.given(as_of=f"DATE '{view.as_of}'", **expressions)
