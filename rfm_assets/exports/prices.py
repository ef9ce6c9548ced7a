"""Tells unit prices from line totals, by products that are sold in several quantities."""

from typing import NamedTuple

import duckdb

from rfm_assets.exports.evidence import MOST
from rfm_assets.exports.statements import statement

_ENOUGH_PRODUCTS = 5


class Prices(NamedTuple):
    """What an amount clearly is for, `unit` or `line`, and how many products show it, in words."""

    of: str
    said: str


def prices(connection: duckdb.DuckDBPyConnection) -> Prices | None:
    """What the products in the table `mapped` show; None if they are few, or differ."""
    as_unit, as_line = (int(n or 0) for n in connection.execute(statement("prices_by_quantity")).fetchone() or (0, 0))
    seen = as_unit + as_line
    if seen >= _ENOUGH_PRODUCTS and as_unit >= MOST * seen:
        return Prices("unit", f"the same at every quantity for {as_unit:,} of {seen:,} products")
    if seen >= _ENOUGH_PRODUCTS and as_line >= MOST * seen:
        return Prices("line", f"in proportion to the quantity for {as_line:,} of {seen:,} products")
    return None
