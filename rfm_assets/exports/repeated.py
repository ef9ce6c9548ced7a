"""Whether one amount stands on every line of an order: then it is of the order, and must not be added up."""

from dataclasses import dataclass

import duckdb

from rfm_assets.exports.evidence import MOST
from rfm_assets.exports.statements import statement

_CHANCE = 0.01


@dataclass(frozen=True)
class Repeated:
    """Of the orders with several different lines: how many have one amount on all lines, and how many there are."""

    alike: int
    orders: int
    chance: float
    """That two orders have the same amount, which is how often two lines of an order would by chance."""

    @property
    def is_most(self) -> bool:
        """Whether most of these orders have one amount, and not by chance: in a shop of one price, all have."""
        return self.orders > 0 and self.alike >= MOST * self.orders and self.chance**self.alike < _CHANCE

    def __str__(self) -> str:
        """What to say of it."""
        return f"the same on all lines of {self.alike:,} of {self.orders:,} orders with several lines"


def repeated(connection: duckdb.DuckDBPyConnection) -> Repeated:
    """Counts them in the table `mapped`."""
    alike, orders, chance = connection.execute(statement("orders_of_one_amount")).fetchone() or (0, 0, 1)
    return Repeated(int(alike), int(orders), float(chance))
