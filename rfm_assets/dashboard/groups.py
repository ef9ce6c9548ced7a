"""Groups of customers to act on, each with the SELECT that finds them, for the cards of Today and their lists."""

from dataclasses import dataclass

from rfm_assets.dashboard import address
from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.view import View, thinned
from rfm_assets.warehouse.query import Query, sql

WHO = "who"
"""The group's parameter in the URL."""
DAYS_PAST, DAYS_AHEAD = 30, 7
"""A second order counts as due from this many days before its date to this many after."""


@dataclass(frozen=True)
class Group:
    """The customers that `queries/group_NAME.sql` finds as of a day."""

    name: str
    words: str
    table: str = "gold.customer_segments"
    """The table that it reads, which an older copy may lack."""
    since_a_week: bool = False
    """Whether it compares with the customers a week earlier."""

    def ids(self, view: View) -> Query:
        """The SELECT of their ids, with its days as literals."""
        return sql("rfm_assets.dashboard", f"queries/group_{self.name}").given(
            as_of=f"DATE '{view.as_of}'",
            week_ago=f"DATE '{view.week_ago}'",
            days_past=str(DAYS_PAST),
            days_ahead=str(DAYS_AHEAD),
        )

    def why_not(self, view: View) -> str:
        """Why the group cannot be found in this copy on this day; empty if it can."""
        week_ago = view.week_ago
        if not view.copy.has(self.table):
            return f"this copy has no {self.table}; `rfm refresh` publishes it"
        if self.since_a_week and week_ago not in view.days:
            return (
                f"history begins on {fmt.day(view.days[0])}"
                if week_ago < view.days[0]
                else f"no data for {fmt.day(week_ago)}"
            )
        if self.since_a_week and week_ago not in view.customer_days:
            return thinned(week_ago)
        return ""

    def link(self, view: View, **query: object) -> str:
        """The URL of its list."""
        return address.page_link("customers", view.as_of, **{WHO: self.name, **query})


OVERDUE = Group("overdue", "overdue by their own rhythm", "gold.customer_scores")
SECOND_ORDER = Group("second_order", "with one order, whose second is due", "gold.customer_scores")
SLIPPED = Group("slipped", "who slipped to At Risk within 7 days", since_a_week=True)
RETURNED = Group("returned", "who returned something within 7 days", "gold.customer_money", since_a_week=True)
GROUPS = {group.name: group for group in (OVERDUE, SECOND_ORDER, SLIPPED, RETURNED)}
