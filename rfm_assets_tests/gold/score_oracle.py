"""Scores, decayed value and rhythm in plain Python, straight from their definitions; slow, for small histories."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from math import ceil, exp, sqrt
from statistics import median
from typing import Any, NamedTuple

import pytest

from rfm_assets.gold.rfm_names import name_of
from rfm_assets_tests.helpers.plain import Row


class Customer(NamedTuple):
    """What is known about a customer on a day."""

    bought_on: list[date]
    orders: int
    spent: Decimal
    value: float

    @property
    def gaps(self) -> list[int]:
        return sorted((later - earlier).days for earlier, later in pairwise(self.bought_on))


def scores_as_of(day: date, silver: Iterable[Row]) -> dict[str, tuple[Any, ...]]:
    """A day's rows of customer_scores by customer, without day and customer."""
    lines: dict[str, list[Row]] = defaultdict(list)
    for row in silver:
        if row["processing_date"] <= day:
            lines[row["CustomerID"]].append(row)
    customers = {name: _customer(day, own) for name, own in lines.items()}
    shop = sorted(gap for customer in customers.values() for gap in customer.gaps)
    recency = {name: max((day - max(c.bought_on)).days, 0) for name, c in customers.items()}
    ages, orders = sorted(-age for age in recency.values()), sorted(c.orders for c in customers.values())
    spending, values = (
        sorted(c.spent for c in customers.values()),
        sorted(round(c.value, 9) for c in customers.values()),
    )
    found = {}
    for name, customer in customers.items():
        r, f = fifth(-recency[name], ages), fifth(customer.orders, orders)
        m, value = fifth(customer.spent, spending), customer.value
        typical, late = rhythm(customer.gaps, shop)
        due = max(customer.bought_on) + timedelta(days=ceil(typical)) if typical is not None else None
        overdue = late is not None and recency[name] > late
        rank = (average_rank(round(value, 9), values) - 0.5) / len(values)
        found[name] = (r, f, m, name_of(r, f, m), value, rank, due, overdue, typical)
    return found


def assert_equal(found: Mapping[str, tuple[Any, ...]], wanted: Mapping[str, tuple[Any, ...]]) -> None:
    """Fails unless the rows are the same, doubles to 1e-9."""
    assert found.keys() == wanted.keys()
    for customer, row in wanted.items():
        for one, other in zip(found[customer], row, strict=True):
            assert one == (pytest.approx(other, rel=1e-9) if isinstance(other, float) else other), (customer, row)


def average_rank(value: Any, values: Sequence[Any]) -> float:  # noqa: ANN401 - anything that compares
    """The mean rank, counted from 1, that equal values share in a sorted sequence."""
    return (bisect_left(values, value) + bisect_right(values, value) + 1) / 2


def fifth(value: Any, values: Sequence[Any]) -> int:  # noqa: ANN401
    return ceil(5 * average_rank(value, values) / len(values))


def rhythm(own: Sequence[int], shop: Sequence[int]) -> tuple[float | None, float | None]:
    """The typical gap, and the longest that is not late, from sorted gaps."""
    if not shop:
        return None, None
    n, of_shop = len(own), (float(median(shop)), four_of_five(shop))
    if not own:
        return of_shop
    of_own = (float(median(own)), four_of_five(own))
    if n >= 3:
        return of_own
    typical, late = ((n * mine + 3 * theirs) / (n + 3) for mine, theirs in zip(of_own, of_shop, strict=True))
    return typical, late


def four_of_five(gaps: Sequence[int]) -> float:
    """The 80th percentile by nearest rank."""
    return float(gaps[ceil(4 * len(gaps) / 5) - 1])


def _customer(day: date, lines: Sequence[Row]) -> Customer:
    invoices: dict[str, dict[date, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        invoices[line["InvoiceNo"]][line["processing_date"]].append(line)
    value, bought_on = 0.0, set()
    for deliveries in invoices.values():
        total = Decimal(0)
        for _, delivered in sorted(deliveries.items()):
            before, total = total, total + sum(line["TotalPrice"] for line in delivered)
            dated = max(line["InvoiceDate"] for line in delivered)
            bought_on.add(dated)
            value += (sqrt(max(total, 0)) - sqrt(max(before, 0))) * exp(-(day - dated).days / 200)
    spent = sum((line["TotalPrice"] for line in lines), Decimal(0))
    return Customer(sorted(bought_on), len(invoices), spent, value)
