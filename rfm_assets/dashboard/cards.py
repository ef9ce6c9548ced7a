"""Cards: a number with its label, what it counts, and how it compares with the period before."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Literal

import streamlit as st

from rfm_assets.config.money import Number
from rfm_assets.dashboard import format as fmt
from rfm_assets.gold.segments import is_lapsed

News = Literal["good", "bad", "neither"]
"""Whether growth of a number is good or bad news; a fall is the opposite."""

Write = Callable[[Number], str]
NOT_STORED = "not stored"

_COLOURS: dict[News, Literal["normal", "inverse", "off"]] = {"good": "normal", "bad": "inverse", "neither": "off"}


def growth_of(segments: Collection[str]) -> News:
    """Whether growth of these segments is good news: bad if all hold lapsed customers, open if some do."""
    lapsed = set(map(is_lapsed, segments))
    return "neither" if len(lapsed) > 1 else "bad" if True in lapsed else "good"


@dataclass(frozen=True)
class Card:
    """A formatted number and what it counts; `beside` is a share or a change, `of` says of what."""

    label: str
    meaning: str
    value: str = NOT_STORED
    beside: str | None = None
    of: str | None = None
    arrow: bool = False
    weeks: Sequence[float] = ()
    """The number in each of the last weeks, the oldest first."""
    growth_is: News = "neither"


def written(number: Number | None, write: Write) -> str:
    """A number as text, or a dash if there is none."""
    return NOT_STORED if number is None else write(number)


def compared(card: Card, now: Number | None, before: Number | None, write: Write, when: str) -> Card:
    """The card with its number, the change, and the earlier number with its period.

    For example `-18.6%`, `vs £323,480 in the 7 days before`, so that a week's change is not taken for a month's.
    """
    card = replace(card, value=written(now, write))
    if now is None or before is None:
        return card
    other = f"vs {write(before)} {when}"
    if now == before:
        return replace(card, beside="unchanged", of=other, growth_is="neither")
    return replace(card, beside=fmt.change(now, before) or f"+{write(now)}", of=other, arrow=True)


def show_cards(cards: Iterable[Card], *, small: bool = False) -> None:
    """Draws cards side by side; `small` is for cards beneath others."""
    with st.container(horizontal=True, gap="small", key="rfm_small_cards" if small else None):
        for card in cards:
            if not card.weeks:
                _draw(card, border=not small)
                continue
            with st.container(border=True, gap="xsmall", key=f"rfm_card_{card.label}"):
                _draw(card, border=False)
                st.html(sparkline(card))


def sparkline(card: Card) -> str:
    """Each week's number as a small bar in HTML, with the numbers for screen readers."""
    most = max(card.weeks) or 1
    bars = "".join(f"<i style='height:{max(100 * number / most, 2):.0f}%'></i>" for number in card.weeks)
    said = f"{card.label}, by week, oldest first: {', '.join(f'{number:,.0f}' for number in card.weeks)}"
    return f"<div class='rfm-weeks' role='img' aria-label='{escape(said)}'>{bars}</div>"


def _draw(card: Card, *, border: bool) -> None:
    st.metric(
        card.label,
        card.value,
        card.beside,
        delta_color=_COLOURS[card.growth_is],
        delta_arrow="auto" if card.arrow else "off",
        delta_description=card.of,
        border=border,
        help=card.meaning,
        height="stretch",
        width="stretch",
    )
