"""How a list of customers can be sorted, on the page and in its export; that of the overdue begins with new cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rfm_assets.dashboard import format as fmt
from rfm_assets.publishing.audiences import STORED_ID
from rfm_assets.warehouse.query import Query, sql

_ONLY_OF_OVERDUE = ("newly_overdue", "days_overdue", "value_score")


@dataclass(frozen=True)
class Sorting:
    """The orders of a list by their names, the first of which it opens with."""

    key: str
    """What an address calls the chosen one."""
    orders: Mapping[str, str]
    titles: Mapping[str, tuple[str, ...]]
    """The orders that the list's titles lead to."""

    @property
    def first(self) -> str:
        """The order that is there without being asked for."""
        return next(iter(self.orders))

    def in_address(self, order: str) -> str | tuple[()]:
        """An order as an address has it: the first one stands in none."""
        return () if order == self.first else order

    def in_export(self, order: str, day: date) -> str:
        """The same order of an audience's file, which has fewer columns."""
        column, _, direction = self.orders[order].partition(" ")
        if column not in _ONLY_OF_OVERDUE:
            return self.orders[order]
        found = overdue().given(as_of=f"DATE '{day}'").sql()
        return f"(SELECT {column} FROM ({found}) AS overdue WHERE overdue.CustomerID = {STORED_ID}) {direction}"


def overdue() -> Query:
    """How long the overdue customers have been so."""
    return sql("rfm_assets.dashboard", "queries/customers_overdue")


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
OVERDUE_ONES = Sorting(
    "overdue_order",
    {
        "newly overdue": "newly_overdue",
        "most days overdue": "days_overdue DESC",
        "fewest days overdue": "days_overdue",
        "highest value score": "value_score DESC",
        "lowest value score": "value_score",
        **EVERYONE.orders,
    },
    {
        **EVERYONE.titles,
        "Days overdue": ("most days overdue", "fewest days overdue"),
        "Value score": ("highest value score", "lowest value score"),
    },
)
