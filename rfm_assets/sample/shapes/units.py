"""Lines of shapes without quantities: every record is one unit."""

from collections.abc import Iterator
from decimal import Decimal

from rfm_assets.sample.shapes.orders import Line, Order

BY_THE_PIECE = 3
"""Larger quantities become one crate, or a wholesaler's order would take thousands of records."""


def units(order: Order) -> Iterator[tuple[Line, Decimal]]:
    """The pieces or crates of an order, each with its price."""
    for line in order.lines:
        if line.quantity <= BY_THE_PIECE:
            yield from [(line, line.price)] * line.quantity
        else:
            yield line, line.amount
