"""The cards of the page Segments: the last days against earlier ones, and beneath them the totals to date."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from rfm_assets.dashboard import address
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.cards import Card, News, compared, growth_of, show_cards, written
from rfm_assets.dashboard.customer_links import ordered_link
from rfm_assets.dashboard.links import show_links
from rfm_assets.dashboard.periods import Period, Purchases, by_week, purchases, with_average
from rfm_assets.dashboard.view import View, thinned
from rfm_assets.gold.segments import recency_threshold

PERIODS = {"7 days": 7, "30 days": 30, "90 days": 90}
CUSTOM = "Custom"
MOST_DAYS = 365
ACTIVE_DAYS = 30


def segments_cards(view: View) -> Period:
    """Draws both rows and returns the period; totals to date can only grow, so there is no comparison."""
    period = Period(view.as_of, _days(), view.compare_to)
    found = view.copy.rows("segments_totals", as_of=view.as_of, before=period.before, segments=list(view.segments))
    totals = {row["day"]: row for row in found}
    all_lapsed = growth_of(view.segments) == "bad"
    lapsed_since = recency_threshold(totals[view.as_of]["median_recency"]) if all_lapsed else 0
    _lately(view, period, lapsed_since)
    _as_of(view, period, totals, lapsed_since)
    return period


def _days() -> int:
    """The chosen length of the period, in days."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choices = [*PERIODS, CUSTOM]
        chosen = address.choice("Period", choices, key="segments_period", what="period", default="7 days")
        if chosen != CUSTOM:
            return PERIODS[chosen]
        known = [str(days) for days in range(1, MOST_DAYS + 1)]
        address.say_what_is_unknown("segments_days", "number of days", known, "14 are")
        return int(st.number_input("Days", 1, MOST_DAYS, 14, key="segments_days", bind="query-params", width=140))


def _as_of(view: View, period: Period, totals: dict[Any, dict[str, Any]], lapsed_since: float) -> None:
    """Draws the customers and their purchases to date."""
    now = totals[view.as_of]
    each = now["revenue"] / now["customers"]
    order = now["revenue"] / now["orders"] if now["orders"] else None
    cards = [
        _customers(view, period, totals),
        Card("Lifetime revenue", "Their spend to date, net of cancellations.", fmt.short_money(now["revenue"])),
        Card("Lifetime orders", "Their orders to date.", written(now["orders"], fmt.count)),
        Card(
            "Lifetime AOV",
            "Average order value: lifetime revenue divided by lifetime orders.",
            written(order, fmt.money),
        ),
        Card("Lifetime revenue per customer", "Lifetime revenue divided by customers.", fmt.money(each)),
    ]
    if lapsed_since < ACTIVE_DAYS:  # otherwise nobody in these segments can be active
        meaning = f"Customers whose last order is less than {ACTIVE_DAYS} days old."
        cards.insert(1, Card(f"Active in {ACTIVE_DAYS} days", meaning, written(now["bought_lately"], fmt.count)))
    st.caption(f"To date, {fmt.day(view.as_of)}")
    show_cards(cards, small=True)
    if now["orders"] is None:
        st.caption(f"Orders and recent buyers cannot be shown: {thinned(view.as_of)}.")


def _customers(view: View, period: Period, totals: dict[Any, dict[str, Any]]) -> Card:
    """The number of customers; chosen segments may shrink, all of them together cannot."""
    now = totals[view.as_of]["customers"]
    if view.all_segments:
        return Card("Customers", "Everyone who has bought to date.", fmt.count(now))
    card = Card("Customers", "Customers in the chosen segments.", growth_is=growth_of(view.segments))
    before = totals.get(period.before, {"customers": 0})["customers"] if period.before in view.days else None
    return compared(card, now, before, fmt.count, f"on {fmt.day(period.before)}")


def _lately(view: View, period: Period, lapsed_since: float) -> None:
    """Draws the period against the other one."""
    found = purchases(view, period)
    nobody = lapsed_since >= period.days and not _any(found)
    st.markdown(f"**{period.title(view, compared=bool(found.before) and not nobody)}**")
    if nobody:
        st.caption(
            f"Nobody here ordered in these {period.length}: customers whose last order is under "
            f"{fmt.plural(lapsed_since, 'day')} old are in other segments."
        )
        return
    growth: News = "good" if growth_of(view.segments) != "bad" else "neither"
    weeks = [with_average(week) for week in by_week(view)]
    show_cards(period_cards(found, period, growth, weeks))
    see_who(view, period.days)
    if len(weeks) > 1:
        st.caption(f"Bars: the last {fmt.plural(len(weeks), 'week')}, week by week.")
    if found.missing:
        st.caption(found.missing)


def see_who(view: View, days: int) -> None:
    """Draws links to the customers who ordered in the last days, and to new ones."""
    if view.has_customers:
        segments = {} if view.all_segments else {"segment": view.segments}
        links = (ordered_link(view.as_of, days, only_new=new, **segments) for new in (False, True))
        show_links(dict(zip(("See who bought", "See who is new"), links, strict=True)))


def period_cards(found: Purchases, period: Period, growth: News, weeks: Sequence[Mapping[str, Any]] = ()) -> list[Card]:
    """Cards of a period, each number with that of the other period, and of the last weeks."""
    length = period.length
    now, before = (with_average(numbers or {}) for numbers in (found.now, found.before))
    kinds = (
        ("bought", "Bought", fmt.count, "Customers with a purchase delivered in these days."),
        ("new", "New", fmt.count, "Customers whose first product bought was delivered in these days."),
        ("revenue", "Revenue", fmt.money, "Their spend in these days, net of cancellations."),
        ("orders", "Orders", fmt.count, "Their orders first delivered in these days."),
        ("average", "AOV", fmt.money, "Average order value: revenue of these days divided by their orders."),
    )
    return [
        compared(
            Card(
                f"{name} in {length}",
                meaning,
                growth_is=growth,
                weeks=[float(week.get(key) or 0) for week in weeks] if len(weeks) > 1 else (),
            ),
            now.get(key),
            before.get(key),
            write,
            period.compared_with,
        )
        for key, name, write, meaning in kinds
        if key in now or not now
    ]


def _any(found: Purchases) -> bool:
    return any(row["revenue"] or row["orders"] for row in (found.now, found.before) if row)
