"""Finds amounts that repeat on every line of an order: they are the order's, and must not be added up."""

from dataclasses import dataclass

import duckdb

from rfm_assets.exports.evidence import MOST
from rfm_assets.exports.statements import statement

_CHANCE = 0.01


@dataclass(frozen=True)
class Repeated:
    """Orders with several different lines, and how many of them have the same amount on all lines."""

    alike: int
    orders: int
    chance: float
    """The chance that two orders have the same amount, and so that two lines of an order do by chance."""

    @property
    def is_most(self) -> bool:
        """Whether most of these orders have one amount, more often than by chance: in a one-price shop all do."""
        return self.orders > 0 and self.alike >= MOST * self.orders and self.chance**self.alike < _CHANCE

    def __str__(self) -> str:
        """The finding in words."""
        return f"the same on all lines of {self.alike:,} of {self.orders:,} orders with several lines"


def repeated(connection: duckdb.DuckDBPyConnection) -> Repeated:
    """Counts these orders in the table `mapped`."""
    alike, orders, chance = connection.execute(statement("orders_of_one_amount")).fetchone() or (0, 0, 1)
    return Repeated(int(alike), int(orders), float(chance))
