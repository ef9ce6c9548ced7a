"""The money that a mark counts, if it is not its customers' total spend, so that their list shows the same."""

from datetime import timedelta

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.customer_selection import CountedMoney
from rfm_assets.dashboard.groups import RETURNED, SLIPPED, Group
from rfm_assets.dashboard.view import View
from rfm_assets.warehouse.query import Query, sql

A_YEAR = 365
_PACKAGE = "rfm_assets.dashboard"


def sales(view: View, words: str, condition: str) -> CountedMoney:
    """All sales that meet a condition, as Growth counts them."""
    return CountedMoney(f"of sales {words}", _sold(view, "Amount", condition))


def revenue(view: View, words: str, days: int) -> CountedMoney:
    """What RFM counts in the last days."""
    since = view.as_of - timedelta(days=days)
    return CountedMoney(words, _sold(view, "coalesce(ProductAmount, 0)", f"processing_date > DATE '{since}'"))


def money_of_group(view: View, group: Group) -> CountedMoney | None:
    """The money that Today shows for a group besides total spend; None if it shows none."""
    if group == SLIPPED:
        return revenue(view, "in the past year", A_YEAR)
    if group == RETURNED:
        days = {"as_of": f"DATE '{view.as_of}'", "week_ago": f"DATE '{view.week_ago}'"}
        found = sql(_PACKAGE, "queries/counted_returned").given(**days)
        return CountedMoney(f"returned in the 7 days to {fmt.day(view.as_of)}", found)
    return None


def _sold(view: View, money: str, condition: str) -> Query:
    found = sql(_PACKAGE, "queries/counted_sales")
    return found.given(as_of=f"DATE '{view.as_of}'", money=money, condition=condition)
