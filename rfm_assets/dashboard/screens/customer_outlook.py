"""What to expect from a customer: rhythm and next order, scores, net spend, and the previous segment."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import streamlit as st

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.view import View

OWN_RHYTHM = 4
"""From this many orders (three gaps) on, a rhythm is the customer's own, see customer_scores.sql."""


def customer_outlook(view: View, customer: str, segment: str, stays: list[dict[str, Any]]) -> None:
    """Draws what this copy has of it, as cards and a sentence; `stays` are the customer's segments, oldest first."""
    cards = [*_rhythm(view, customer), *_money(view, customer), *_expected(view, segment)]
    if cards:
        with st.container(horizontal=True, gap="small"):
            for label, value, below in cards:
                st.metric(label, value, below, delta_color="off", delta_arrow="off", border=True)
    st.markdown(fmt.md(came_from(stays)))


def came_from(stays: list[dict[str, Any]]) -> str:
    """The previous segment, and when it changed."""
    now = stays[-1]
    if len(stays) == 1:
        return f"In this segment since {fmt.day(now['first_day'])}, the only one on record."
    before = stays[-2]
    return (
        f"In this segment since {fmt.day(now['first_day'])}; before that, in {before['segment']} since "
        f"{fmt.day(before['first_day'])}."
    )


def due_in_words(due: date | None, as_of: date, *, overdue: bool) -> str:
    """How far off the next order is."""
    if due is None:
        return "no rhythm yet"
    days = (due - as_of).days
    when = "due today" if not days else f"in {fmt.plural(days, 'day')}" if days > 0 else fmt.ago(-days)
    if overdue:
        return f"{when}, overdue"
    return f"{when}, but within their usual gaps" if days < 0 else when


def _rhythm(view: View, customer: str) -> Iterator[tuple[str, str, str]]:
    if not view.copy.has("gold.customer_scores"):
        return
    for row in view.copy.rows("outlook_scores", as_of=view.as_of, customer=customer):
        gap = "not known yet" if row["gap"] is None else f"every {fmt.plural(round(row['gap']), 'day')}"
        few = "; few orders yet, so the shop's rhythm counts, too" if row["orders"] < OWN_RHYTHM else ""
        yield "Rhythm", gap, f"last order on {fmt.day(row['last_order'])}{few}"
        due = fmt.day(row["due"]) if row["due"] else "not known yet"
        yield "Next order due", due, due_in_words(row["due"], view.as_of, overdue=row["overdue"])
        scores = f"R{row['r']} F{row['f']} M{row['m']} · value above {int(row['rank'])}% of customers"
        yield "Known elsewhere as", row["name"], scores


def _money(view: View, customer: str) -> Iterator[tuple[str, str, str]]:
    if not view.copy.has("gold.customer_money"):
        return
    for row in view.copy.rows("outlook_money", as_of=view.as_of, customer=customer):
        of = "" if row["rate"] is None else f" ({fmt.percent(row['rate'])})"
        gross, returned = fmt.exact_money(row["gross"]), fmt.exact_money(row["returned"])
        yield "Net of returns", fmt.exact_money(row["net"]), f"{gross} gross less {returned} returned{of}"


def _expected(view: View, segment: str) -> Iterator[tuple[str, str, str]]:
    if not view.copy.has("proof.expected_revenue"):
        return
    rows = view.copy.rows("outlook_expected", as_of=view.as_of, segment=segment)
    for row in rows:
        between = f"{fmt.money(row['low'])} to {fmt.money(row['high'])}, the mean of their segment"
        yield "Expected in 30 days", fmt.money(row["expected"]), between
    if not rows:
        yield "Expected in 30 days", "not known yet", "not enough history"
