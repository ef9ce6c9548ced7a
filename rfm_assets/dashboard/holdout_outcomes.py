"""What customers held out of a day's audiences did afterwards, and what the rest did, from the published copy."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

from rfm_assets.config import in_force
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.audience_download import audiences
from rfm_assets.dashboard.view import View
from rfm_assets.proof.holdout import ENOUGH, Difference, Side, can_be_compared, more_bought, more_spent
from rfm_assets.publishing.holdout import Holdout, recorded_holdouts
from rfm_assets.settings import settings
from rfm_assets.warehouse.query import sql

HORIZON = 30
"""The most days after the lists that count."""
EVERYBODY = "All segments"

Sides = tuple[Side, Side]
"""Contacted customers, and held-out customers."""


def comparable_lists(view: View) -> Mapping[date, Holdout]:
    """Earlier days whose lists had a holdout that this installation can reproduce, oldest first."""
    key = settings().holdout_key
    if key is None:
        return {}
    known = set(view.customer_days)
    recorded = recorded_holdouts(view.copy.folder, key.get_secret_value())
    return {day: holdout for day, holdout in recorded.items() if day < view.as_of and day in known}


def best_to_open(days: list[date], as_of: date) -> date:
    """The newest lists whose horizon has ended, else the oldest, which have been followed longest."""
    return max((day for day in days if day <= as_of - timedelta(days=HORIZON)), default=min(days))


def followed_to(day: date, as_of: date) -> date:
    """The last day that counts for the lists of a day."""
    return min(day + timedelta(days=HORIZON), as_of)


def outcomes(view: View, day: date, holdout: Holdout) -> Mapping[str, Sides]:
    """What both sides did after a day's lists, by segment and overall; segments that lack a side are skipped."""
    with view.copy.cursor() as cursor:
        audiences(cursor, day, holdout=holdout)
        query = sql("rfm_assets.dashboard", "queries/proof_holdout").text
        values = {"day": day, "last": followed_to(day, view.as_of), "is_net": in_force.segments().is_net}
        rows = cursor.execute(query, values).fetchall()
    found: dict[str, dict[bool, Side]] = defaultdict(dict)
    for segment, held_out, *numbers in rows:
        found[segment or EVERYBODY][held_out] = Side(*numbers)
    return {segment: (sides[False], sides[True]) for segment, sides in found.items() if len(sides) > 1}


def verdict(sides: Sides) -> str:
    """The overall result in words: whether the campaign brought purchases and money, or that data is lacking."""
    if not can_be_compared(*sides):
        return f"Not enough data: each side needs {ENOUGH} customers."
    bought, spent = more_bought(*sides), more_spent(*sides)
    said = (
        f"Compared with the holdout: {in_points(bought)} points in the share who bought, {in_money(spent)} in revenue "
        "per customer."
    )
    clear = [name for name, one in (("purchases", bought), ("revenue", spent)) if one.is_clear]
    return f"{said} Significant: {' and '.join(clear)}." if clear else f"{said} Neither is significant."


def in_points(found: Difference) -> str:
    """A difference of shares in percentage points with its interval: `+3.2 (+0.4 to +6.0)`."""
    value, low, high = (f"{100 * number:+.1f}" for number in found)
    return f"{value} ({low} to {high})"


def in_money(found: Difference) -> str:
    """A difference of money with its interval: `+£1.20 (-£0.30 to +£2.70)`."""
    value, low, high = (f"{'-' if one < 0 else '+'}{fmt.exact_money(abs(one))}" for one in found)
    return f"{value} ({low} to {high})"
