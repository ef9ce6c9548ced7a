"""What would move a customer to another segment: the smallest step of each kind, and the segment it leads to.

The pipeline's own rule, gold/segment_rule.sql, says which segment that is. Thresholds are fixed to one day's, although
they are medians over all customers, which shift, too.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from math import ceil, floor

from rfm_assets.config.money import smallest_amount
from rfm_assets.gold.segments import placed, recency_threshold, spending_thresholds
from rfm_assets.warehouse.query import Query

PENNY = smallest_amount()


@dataclass(frozen=True)
class Thresholds:
    """The medians that divide a day's customers."""

    monetary: float
    frequency: float
    recency: float


@dataclass(frozen=True)
class Customer:
    """A customer's values as of a day."""

    recency: int
    frequency: int
    monetary: Decimal

    def after_waiting(self, days: int) -> "Customer":
        """The customer after `days` without an order."""
        return replace(self, recency=self.recency + days)

    def after_orders(self, orders: int, amount: Decimal) -> "Customer":
        """The customer after orders on the day itself, for `amount` in total."""
        return Customer(0, self.frequency + orders, self.monetary + amount)


@dataclass(frozen=True)
class Move:
    """The smallest step to another segment: days of waiting, or orders for an amount in total."""

    segment: str
    days: int = 0
    orders: int = 0
    amount: Decimal = PENNY

    def of(self, customer: Customer) -> Customer:
        """The customer after the step."""
        return customer.after_waiting(self.days) if self.days else customer.after_orders(self.orders, self.amount)


SegmentsOf = Callable[[Sequence[Customer]], Sequence[str]]
"""Finds the segments of customers, in their order."""


def segments_query(customers: Sequence[Customer]) -> Query:
    """The segments of customers by the thresholds of the day `$as_of`, in their order."""
    values = ", ".join(
        f"({number}, {one.recency}, {one.frequency}, CAST({one.monetary} AS DECIMAL(31, 2)))"
        for number, one in enumerate(customers)
    )
    rows = Query(
        "SELECT CAST($as_of AS DATE) AS as_of_date, number, Recency, Frequency, Monetary "
        f"FROM (VALUES {values}) AS possible(number, Recency, Frequency, Monetary)"
    )
    thresholds = Query("SELECT * FROM gold.segment_thresholds WHERE as_of_date = $as_of")
    return Query(f"SELECT segment FROM ({placed(rows, thresholds).sql()}) AS placed ORDER BY number")


def moves(customer: Customer, thresholds: Thresholds, segments_of: SegmentsOf) -> list[Move]:
    """All steps that would move a customer: waiting, one order of some size, or several orders.

    Each is the smallest of its kind: a day, a penny or an order less leads elsewhere.
    """
    possible = list(_possible(customer, thresholds))
    here, *there = segments_of([customer, *(move.of(customer) for move in possible)])
    return [replace(move, segment=segment) for move, segment in zip(possible, there, strict=True) if segment != here]


def _possible(customer: Customer, thresholds: Thresholds) -> Iterator[Move]:
    """Steps that bring a value just over a threshold, their segment still unknown."""
    recency = recency_threshold(thresholds.recency)
    if customer.recency < recency:
        yield Move("", days=ceil(recency) - customer.recency)
    orders_needed = max(floor(thresholds.frequency) + 1 - customer.frequency, 1)
    for orders in sorted({1, orders_needed}):
        for amount in _amounts(customer.monetary, thresholds.monetary):
            yield Move("", orders=orders, amount=amount)


def _amounts(spent: Decimal, median: float) -> Iterator[Decimal]:
    """The smallest possible order, and the smallest over each value threshold above."""
    yield PENNY
    for threshold in spending_thresholds(median):
        least = amount_over(spent, threshold)
        if least > PENNY:
            yield least


def amount_over(spent: Decimal, threshold: Decimal) -> Decimal:
    """The smallest amount, to the penny, that brings the spend over a threshold."""
    return (threshold - spent).quantize(PENNY, rounding=ROUND_FLOOR) + PENNY
