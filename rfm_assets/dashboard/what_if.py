"""Why a customer is in its segment, and what would move it: pure functions over the rule of gold.customer_segments.

All of it holds under one day's thresholds. They are medians over all customers, so they move as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from math import ceil, floor

from rfm_assets.config.money import smallest_amount

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

    def value_tier(self, thresholds: Thresholds) -> str:
        """Spending against the median."""
        spent = float(self.monetary)
        if spent > 2 * thresholds.monetary:
            return "High Value"
        return "Growing Value" if spent > thresholds.monetary else "Base Value"

    def engagement_status(self, thresholds: Thresholds) -> str:
        """Recency and frequency against the medians."""
        recent, frequent = self.recency < thresholds.recency, self.frequency > thresholds.frequency
        if frequent:
            return "Active & Engaged" if recent else "At Risk"
        return "Developing" if recent else "Inactive"

    def segment(self, thresholds: Thresholds) -> str:
        """One of the twelve segments."""
        return f"{self.value_tier(thresholds)} - {self.engagement_status(thresholds)}"

    def after_waiting(self, days: int) -> "Customer":
        """The customer after some days without an order."""
        return replace(self, recency=self.recency + days)

    def after_orders(self, orders: int, amount: Decimal) -> "Customer":
        """The customer after some orders on the day itself, of an amount altogether."""
        return Customer(0, self.frequency + orders, self.monetary + amount)


@dataclass(frozen=True)
class Move:
    """The least that leads to another segment: days of waiting, or orders of an amount altogether."""

    segment: str
    days: int = 0
    orders: int = 0
    amount: Decimal = PENNY


def moves(customer: Customer, thresholds: Thresholds) -> list[Move]:
    """Everything that would move a customer: waiting, one order of some size, or several orders.

    Each is the least of its kind: a day, a penny or an order less leads elsewhere.
    """
    here = customer.segment(thresholds)
    return [move for move in _candidates(customer, thresholds) if move.segment != here]


def _candidates(customer: Customer, thresholds: Thresholds) -> Iterator[Move]:
    if customer.recency < thresholds.recency:
        days = ceil(thresholds.recency) - customer.recency
        yield Move(customer.after_waiting(days).segment(thresholds), days=days)
    orders_needed = max(floor(thresholds.frequency) + 1 - customer.frequency, 1)
    for orders in sorted({1, orders_needed}):
        for amount in _amounts(customer.monetary, thresholds.monetary):
            yield Move(customer.after_orders(orders, amount).segment(thresholds), orders=orders, amount=amount)


def _amounts(spent: Decimal, median: float) -> Iterator[Decimal]:
    """The least order there is, and the least that lead over each value threshold above it."""
    yield PENNY
    for threshold in (median, 2 * median):
        least = amount_over(spent, threshold)
        if least > PENNY:
            yield least


def amount_over(spent: Decimal, threshold: float) -> Decimal:
    """The least amount, in pennies, that brings what was spent over a threshold, as doubles compare."""
    amount = (Decimal(threshold) - spent).quantize(PENNY, rounding=ROUND_FLOOR) - PENNY
    while float(spent + amount) <= threshold:
        amount += PENNY
    return amount
