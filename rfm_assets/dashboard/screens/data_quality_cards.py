"""The cards of the page Data quality: the latest delivery, coverage, and customer identity."""

from collections.abc import Hashable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import streamlit as st

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.cards import Card, show_cards
from rfm_assets.dashboard.view import View

NAMED_DAYS = 12


def day_cards(day: Mapping[Hashable, Any], as_of: date) -> None:
    """Draws the latest delivery up to a day."""
    when = day["day"].date()
    st.header(f"Latest delivery, {fmt.day(when)}", anchor=False)
    if when < as_of:
        st.caption(f"Nothing was delivered from {fmt.day(when + timedelta(days=1))} to {fmt.day(as_of)}.")
    cards = (
        ("Rows delivered", fmt.count(day["delivered"]), fmt.plural(day["files"], "file") + "."),
        ("Accepted", fmt.count(day["kept"]), "Rows that passed every rule: silver."),
        ("Rejected", fmt.count(day["refused"]), "Rows that failed a rule; they are kept with the reasons."),
        ("Rejection rate", fmt.percent(day["refused_share"] or 0, 2), "Share of the rows delivered."),
        ("Well-formed", fmt.percent(day["well_formed"], 2), "Share of rows that split into columns."),
    )
    show_cards(Card(label, meaning, value) for label, value, meaning in cards)


def coverage_cards(view: View) -> None:
    """Draws how recent the data is, and which days are missing."""
    (facts,) = view.copy.rows("data_quality_facts", as_of=view.as_of)
    missing = [row["day"] for row in view.copy.rows("data_quality_missing", as_of=view.as_of)]
    cards = (
        (
            "Latest sale",
            fmt.day(facts["last_sale"]) if facts["last_sale"] else "none",
            "Latest invoice date in silver.",
        ),
        (
            "Last load",
            fmt.moment(facts["last_load"]) if facts["last_load"] else "unknown",
            "When a file was last read.",
        ),
        (
            "Coverage",
            f"{fmt.count(facts['delivered_days'])} of {fmt.plural(facts['delivered_days'] + len(missing), 'day')}",
            f"Days with rows, since the first delivery on {fmt.day(facts['first_day'])}.",
        ),
        ("Missing days", fmt.count(len(missing)), "Days for which nothing was delivered."),
    )
    show_cards(Card(label, meaning, value) for label, value, meaning in cards)
    if missing:
        named = ", ".join(fmt.day(day) for day in missing[-NAMED_DAYS:])
        st.caption(f"Missing{', the latest' if len(missing) > NAMED_DAYS else ''}: {named}.")


def identity_cards(view: View) -> None:
    """Draws sales to unknown customers, and ids that may belong to one person."""
    if not view.copy.has("quality.customer_identity"):
        return
    (found,) = view.copy.rows("data_quality_identity", as_of=view.as_of)
    if not found["lines"]:
        return
    st.header("Who the customers are", anchor=False)
    show_cards([*_anonymous(found), _similar(found)])


def _anonymous(found: Mapping[str, Any]) -> Iterator[Card]:
    """Sales to unknown customers, in money and in rows, with their share."""
    yield Card(
        "Anonymous revenue",
        "Gross sales to unknown customers, to date. They belong to no customer and no segment.",
        fmt.money(found["anonymous"]),
        fmt.percent(100 * found["anonymous"] / found["revenue"]) if found["revenue"] else None,
        of=f"of {fmt.money(found['revenue'])}",
    )
    yield Card(
        "Anonymous rows",
        "Accepted rows without a customer ID, to date, excluding cancellations.",
        fmt.count(found["anonymous_lines"]),
        fmt.percent(100 * found["anonymous_lines"] / found["lines"]),
        of=f"of {fmt.count(found['lines'])}",
    )


def _similar(found: Mapping[str, Any]) -> Card:
    return Card(
        "Similar IDs",
        "Customers of the latest delivery whose ID differs from another only in case, leading zeros or the dots of an "
        "e-mail address: perhaps the same person.",
        fmt.count(found["similar"]),
        of=f"of {fmt.count(found['ids'])} on the newest day",
    )
