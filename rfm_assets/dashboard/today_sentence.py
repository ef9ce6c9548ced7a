"""Today's opening sentence: the week's revenue, who slipped away, and whether thresholds jumped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rfm_assets.config.money import Number
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.threshold_jumps import changes


@dataclass(frozen=True)
class Week:
    """The seven days to a date, from `screens/today.py:week`; None is unknown, and is not mentioned.

    Revenue comes from `queries/purchases.sql`, slipped customers from `today_group.sql` over `group_slipped.sql`,
    won-back ones from `today_won_back.sql`, and jumps from `threshold_jumps.sql`.
    """

    last: date
    is_newest: bool
    revenue: Number
    before: Number | None = None
    slipped: int | None = None
    """High-value customers who became At Risk."""
    slipped_spent: Number = 0
    """Their spend in the past year."""
    won_back: int | None = None
    """High-value customers who were at risk or inactive, and are now active or developing."""
    jumps: Sequence[Mapping[str, Any]] | None = None


def sentence(week: Week) -> str:
    """The known facts in one sentence: `This week £263k, 18.6% below last week; no threshold moved`."""
    return "; ".join(part for part in (_revenue(week), _slipped(week), _jumped(week)) if part) + "."


def _revenue(week: Week) -> str:
    when = "This week" if week.is_newest else f"In the week to {fmt.day(week.last)}"
    brought = f"{when} {fmt.brief_money(week.revenue)}"
    if week.before is None:
        return brought
    than = "last week" if week.is_newest else "the week before"
    if week.revenue == week.before:
        return f"{brought}, the same as {than}"
    change = fmt.change(week.revenue, week.before)
    if change is None:
        return f"{brought}, after nothing {than}"
    return f"{brought}, {change[1:]} {'above' if week.revenue > week.before else 'below'} {than}"


def _slipped(week: Week) -> str:
    if week.slipped is None:
        return ""
    came_back = f", and {fmt.count(week.won_back)} came back" if week.won_back else ""
    if not week.slipped:
        return f"none of your best customers slipped to At Risk{came_back}"
    spent = f"{fmt.brief_money(week.slipped_spent)} in the past year"
    return f"{fmt.count(week.slipped)} of your best customers, {spent}, slipped to At Risk{came_back}"


def _jumped(week: Week) -> str:
    if week.jumps is None:
        return ""
    if not week.jumps:
        return "no threshold moved"
    return "; ".join(
        f"{changes(jump)[0]} on {fmt.day(jump['day'])}, which moved {fmt.plural(jump['moved'], 'customer')}"
        for jump in week.jumps
    )
