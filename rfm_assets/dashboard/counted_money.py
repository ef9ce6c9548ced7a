"""What a mark counts of its customers where that is not all they have spent, so that their list can say the same."""

from dataclasses import dataclass
from datetime import timedelta

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.groups import RETURNED, SLIPPED, Group
from rfm_assets.dashboard.view import View
from rfm_assets.warehouse.query import Query, sql

A_YEAR = 365
_PACKAGE = "rfm_assets.dashboard"


@dataclass(frozen=True)
class Counted:
    """Money by customer, and which it is: `in the past year`."""

    words: str
    money: Query


def sales(view: View, words: str, condition: str) -> Counted:
    """All sales that meet a condition, as Growth counts them."""
    return Counted(f"of sales {words}", _sold(view, "Amount", condition))


def revenue(view: View, words: str, days: int) -> Counted:
    """What counts for RFM, of the last days."""
    since = view.as_of - timedelta(days=days)
    return Counted(words, _sold(view, "coalesce(ProductAmount, 0)", f"processing_date > DATE '{since}'"))


def of_group(view: View, group: Group) -> Counted | None:
    """What Today says of a group beside what they have spent in all."""
    if group == SLIPPED:
        return revenue(view, "in the past year", A_YEAR)
    if group == RETURNED:
        days = {"as_of": f"DATE '{view.as_of}'", "week_ago": f"DATE '{view.as_of - timedelta(days=7)}'"}
        found = sql(_PACKAGE, "queries/counted_returned").given(**days)
        return Counted(f"returned in the 7 days to {fmt.day(view.as_of)}", found)
    return None


def _sold(view: View, money: str, condition: str) -> Query:
    found = sql(_PACKAGE, "queries/counted_sales")
    return found.given(as_of=f"DATE '{view.as_of}'", money=money, condition=condition)
