"""What to do today: groups of customers with their money and the reason, largest amounts first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from rfm_assets.config import in_force
from rfm_assets.config.money import Number
from rfm_assets.dashboard import address
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.groups import DAYS_AHEAD, DAYS_PAST, OVERDUE, RETURNED, SECOND_ORDER, SLIPPED, Group
from rfm_assets.dashboard.sorting import OVERDUE_CUSTOMERS
from rfm_assets.dashboard.view import View
from rfm_assets.gold.segments import CELL_OF, RECOMMENDATIONS
from rfm_assets.warehouse.query import Query, sql

BEST = tuple(segment for segment, cell in CELL_OF.items() if cell.startswith("High Value"))
"""The high-value segments, by the names in force."""
JUMP = 1.5
"""Returns have jumped if a week has this many times a usual week's."""


@dataclass(frozen=True)
class Action:
    """A card of Today."""

    title: str
    number: str
    """How many: customers, or days."""
    money: Number
    """The cards' sort key."""
    value: str
    """The money, in words."""
    why: str
    to: str
    """The URL of the list behind it."""
    group: Group | None = None
    """Its customers; None for missing days."""
    segments: tuple[str, ...] = tuple(RECOMMENDATIONS)
    expected: dict[str, Any] | None = None
    """Their `expected` revenue in the next 30 days, from `low` to `high`."""


def actions(view: View) -> list[Action]:
    """The cards, largest amounts first; groups without customers have none."""
    found = (*_customers(view), *_returns(view), *_missing(view))
    return sorted(found, key=lambda action: (-float(action.money), action.title))


def unknown(view: View) -> list[str]:
    """The cards that this copy or day cannot show, and why."""
    titles = {
        OVERDUE: "Best customers who are overdue",
        SECOND_ORDER: "Second orders due",
        SLIPPED: "Best customers who slipped to At Risk",
        RETURNED: "Returns",
    }
    return [f"{title}: {why}" for group, title in titles.items() if (why := group.why_not(view))]


def group_rows(view: View, query: str, group: Group, segments: tuple[str, ...]) -> list[dict[str, Any]]:
    """The rows of `queries/<query>.sql`, whose input `members` is the group."""
    found: Query = sql("rfm_assets.dashboard", f"queries/{query}", members=group.ids(view))
    return view.copy.rows(found, as_of=view.as_of, segments=list(segments))


def newly_overdue(view: View, segments: tuple[str, ...]) -> int | None:
    """How many customers became overdue within the week; None if the customers of a week ago are not stored."""
    if view.week_ago not in view.customer_days:
        return None
    counted = sql("rfm_assets.dashboard", "queries/newly_overdue", overdue=OVERDUE_CUSTOMERS)
    (row,) = view.copy.rows(counted, as_of=view.as_of, segments=list(segments))
    return int(row["newly"])


def _customers(view: View) -> Iterator[Action]:
    """The cards of groups, with their spend to date."""
    everyone = tuple(RECOMMENDATIONS)
    why = "" if OVERDUE.why_not(view) else _why_overdue(view)
    if action := _of(view, OVERDUE, BEST, "Best customers overdue for their next order", why):
        yield action
    why = (
        "They bought once. By your shop's rhythm their second order is due within "
        f"{fmt.plural(DAYS_AHEAD, 'day')}, or fell due in the last {DAYS_PAST}: now is the time to win it."
    )
    if action := _of(view, SECOND_ORDER, everyone, "New customers due for a second order", why):
        yield action
    within = in_force.segments().active_within_days
    quiet = (
        f"no order in the last {fmt.plural(within, 'day')}"
        if within
        else ("half of all customers have ordered more recently, or on the same day")
    )
    why = f"A week ago they were active or developing. They have gone quiet: {quiet}."
    if action := _of(view, SLIPPED, BEST, "Best customers who slipped to At Risk this week", why):
        yield action


def _why_overdue(view: View) -> str:
    """Why overdue customers are worth a message, with the revenue at risk if known."""
    why = (
        "They have waited longer than usual for them, or, with fewer than four orders, than usual in your shop. This "
        "is a rescue list, not a list of your likeliest buyers."
    )
    if newly := newly_overdue(view, BEST):
        why += f" {fmt.count(newly)} became overdue in the last 7 days: the list starts with them."
    if not view.copy.has("proof.expected_revenue"):
        return why
    ((row),) = view.copy.rows("today_at_risk", as_of=view.as_of, segments=list(BEST))
    kept = f"At their own pace they would spend {fmt.brief_money(row['at_risk'])} in 30 days."
    return f"{why} {kept}" if row["at_risk"] else why


def _of(view: View, group: Group, segments: tuple[str, ...], title: str, why: str) -> Action | None:
    """The card of a group with its spend to date; None if the group is empty or unknown."""
    if group.why_not(view):
        return None
    ((row),) = group_rows(view, "today_group", group, segments)
    if not row["customers"]:
        return None
    return Action(
        title,
        fmt.plural(row["customers"], "customer"),
        row["spent"],
        f"{fmt.brief_money(row['spent'])} {fmt.spend().lower()}",
        why,
        _link(view, group, segments),
        group,
        segments,
        _expected(view, group, segments),
    )


def _link(view: View, group: Group, segments: tuple[str, ...]) -> str:
    return group.link(view) if len(segments) == len(RECOMMENDATIONS) else group.link(view, segment=segments)


def _expected(view: View, group: Group, segments: tuple[str, ...]) -> dict[str, Any] | None:
    """Their expected revenue in the next 30 days, if known."""
    if not view.copy.has("proof.expected_revenue"):
        return None
    ((row),) = group_rows(view, "today_expected", group, segments)
    return row if row["expected"] is not None else None


def _returns(view: View) -> Iterator[Action]:
    """The card of returns, if a week has far more than usual."""
    if RETURNED.why_not(view):
        return
    ((row),) = view.copy.rows("today_returns", as_of=view.as_of)
    week, usual = row["week"], row["usual"]
    if usual is None or week is None or week <= 0 or float(week) < JUMP * float(usual):
        return
    everyone = tuple(RECOMMENDATIONS)
    ((members),) = group_rows(view, "today_group", RETURNED, everyone)
    yield Action(
        "Returns jumped this week",
        fmt.plural(members["customers"], "customer"),
        week,
        f"{fmt.brief_money(week)} returned in 7 days",
        f"The four weeks before averaged {fmt.brief_money(usual)} each. Check which products come back before you "
        "write to anyone.",
        RETURNED.link(view),
        RETURNED,
        everyone,
        _expected(view, RETURNED, everyone),
    )


def _missing(view: View) -> Iterator[Action]:
    """The card of days without a file."""
    if not view.copy.has("quality.bronze_daily_quality") or not view.copy.has("silver.invoices"):
        return
    rows = view.copy.rows("today_missing", as_of=view.as_of)
    if not rows:
        return
    days: list[date] = [row["day"] for row in rows]
    usual = sum(row["usual"] for row in rows)
    yield Action(
        "Data did not arrive",
        fmt.plural(len(days), "day"),
        usual,
        f"{fmt.brief_money(usual)} is usual for these days",
        f"No file for {', '.join(map(fmt.day, days))}. Until it lands, this week looks worse than it was, and some "
        "customers may look overdue who are not.",
        address.page_link("data_quality", view.as_of),
    )
