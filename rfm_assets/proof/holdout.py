"""The effect of a campaign: contacted against held-out customers, with 95 % intervals of the differences."""

from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

ENOUGH = 100
"""The customers that each side needs before a difference is reported."""
_Z = 1.959964


@dataclass(frozen=True)
class Side:
    """The outcome of one side."""

    customers: int
    buyers: int
    revenue: float
    variance: float
    """The variance of their spend."""

    @property
    def rate(self) -> float:
        """The share who bought."""
        return self.buyers / self.customers

    @property
    def each(self) -> float:
        """Revenue per customer."""
        return self.revenue / self.customers


class Difference(NamedTuple):
    """Contacted minus held-out customers, with the ends of the 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether the interval excludes zero."""
        return self.low > 0 or self.high < 0


def can_be_compared(reached: Side, held_out: Side) -> bool:
    """Whether both sides have enough customers."""
    return min(reached.customers, held_out.customers) >= ENOUGH


def more_bought(reached: Side, held_out: Side) -> Difference:
    """The difference of purchase rates, by Newcombe's hybrid of two Wilson intervals (1998, method 10)."""
    (low, high), (low_out, high_out) = wilson(reached), wilson(held_out)
    value = reached.rate - held_out.rate
    below = sqrt((reached.rate - low) ** 2 + (high_out - held_out.rate) ** 2)
    above = sqrt((high - reached.rate) ** 2 + (held_out.rate - low_out) ** 2)
    return Difference(value, value - below, value + above)


def more_spent(reached: Side, held_out: Side) -> Difference:
    """The difference of revenue per customer, with unequal variances (Welch); sides are large enough for a normal."""
    value = reached.each - held_out.each
    half = _Z * sqrt(reached.variance / reached.customers + held_out.variance / held_out.customers)
    return Difference(value, value - half, value + half)


def wilson(side: Side) -> tuple[float, float]:
    """The 95 % interval of the purchase rate."""
    n, square = side.customers, _Z**2
    centre, half = side.buyers + square / 2, _Z * sqrt(side.buyers * (n - side.buyers) / n + square / 4)
    return max((centre - half) / (n + square), 0.0), min((centre + half) / (n + square), 1.0)
