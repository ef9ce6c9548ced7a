"""How a list of customers can be sorted, on the page and in its export; that of the overdue begins with new cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.groups import OVERDUE, Group
from rfm_assets.warehouse.query import Query, sql


class Order(NamedTuple):
    """What a list is ordered by: its columns, or those of a query that are beside them."""

    by: str
    beside: Query | None = None


@dataclass(frozen=True)
class Sorting:
    """The orders of a list by their names, the first of which it opens with."""

    key: str
    """What an address calls the chosen one."""
    orders: Mapping[str, str]
    titles: Mapping[str, tuple[str, ...]]
    """The orders that the list's titles lead to."""
    beside: Query | None = None
    """More columns of each customer, by CustomerID."""

    @property
    def first(self) -> str:
        """The order that is there without being asked for."""
        return next(iter(self.orders))

    def in_address(self, order: str) -> str | tuple[()]:
        """An order as an address has it: the first one stands in none."""
        return () if order == self.first else order

    def order(self, name: str) -> Order:
        """The order of a name."""
        return Order(self.orders[name], self.beside)


def next_order(orders: tuple[str, ...], now: str) -> str:
    """The order that a title leads to: the first of its own, or the one after that which is shown."""
    return orders[(orders.index(now) + 1) % len(orders)] if now in orders else orders[0]


EVERYONE = Sorting(
    "customers_order",
    {
        "highest spend": "monetary DESC",
        "lowest spend": "monetary",
        "most orders": "frequency DESC",
        "fewest orders": "frequency",
        "most recent order": "recency",
        "least recent order": "recency DESC",
        "customer ID": "CustomerID",
    },
    {
        "Customer": ("customer ID",),
        "Days since last order": ("most recent order", "least recent order"),
        "Orders": ("most orders", "fewest orders"),
        fmt.spend(): ("highest spend", "lowest spend"),
    },
)
OVERDUE_CUSTOMERS = sql("rfm_assets.dashboard", "queries/customers_overdue")
"""The overdue of a day: since when, whether newly, and their value score."""
OVERDUE_ONES = Sorting(
    "overdue_order",
    {
        "newly overdue": "Newly_Overdue DESC, Days_Overdue",
        "most days overdue": "Days_Overdue DESC",
        "fewest days overdue": "Days_Overdue",
        "highest value score": "Value_Score DESC",
        "lowest value score": "Value_Score",
        **EVERYONE.orders,
    },
    {
        **EVERYONE.titles,
        "Days overdue": ("most days overdue", "fewest days overdue"),
        "Value score": ("highest value score", "lowest value score"),
    },
    beside=OVERDUE_CUSTOMERS,
)


def sorting_of(group: Group | None) -> Sorting:
    """How the list of a group can be sorted; None is of everyone."""
    return OVERDUE_ONES if group == OVERDUE else EVERYONE
