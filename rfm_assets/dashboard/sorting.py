"""Sort orders of customer lists, on the page and in exports; the overdue list starts with new cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from rfm_assets.dashboard import format as fmt
from rfm_assets.dashboard.groups import OVERDUE, Group
from rfm_assets.warehouse.query import Query, sql


class Order(NamedTuple):
    """An ORDER BY: columns of the list, or of a query joined to it."""

    by: str
    beside: Query | None = None


@dataclass(frozen=True)
class Sorting:
    """The orders of a list by name; the list opens with the first."""

    key: str
    """The order's parameter in the URL."""
    orders: Mapping[str, str]
    titles: Mapping[str, tuple[str, ...]]
    """The orders that a click on each title cycles through."""
    beside: Query | None = None
    """A query of more columns per CustomerID."""

    @property
    def first(self) -> str:
        """The default order."""
        return next(iter(self.orders))

    def in_address(self, order: str) -> str | tuple[()]:
        """An order's value in the URL; the default has none."""
        return () if order == self.first else order

    def order(self, name: str) -> Order:
        """The order with a name."""
        return Order(self.orders[name], self.beside)


def next_order(orders: tuple[str, ...], now: str) -> str:
    """The order that a title leads to: its first, or the one after the current order."""
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
OVERDUE_CUSTOMERS = sql("rfm_assets.dashboard", "queries/overdue_first")
"""Overdue customers: days overdue, whether newly, and value score."""
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
    """The sort orders of a group's list; None is everyone."""
    return OVERDUE_ONES if group == OVERDUE else EVERYONE
