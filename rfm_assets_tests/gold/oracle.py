"""Gold in plain Python: every table of a day recomputed from all silver rows, without using the package."""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import mean, median
from typing import Any, NamedTuple

from rfm_assets_tests.helpers.plain import Row


class Customer(NamedTuple):
    """A customer as of a day."""

    id: str
    last_purchase: date
    recency: int
    frequency: int
    monetary: Decimal


class Gold(NamedTuple):
    """The rows of gold's tables as of one day, without the day column."""

    rfm: set[tuple[Any, ...]]
    thresholds: set[tuple[Any, ...]]
    segments: set[tuple[Any, ...]]
    summary: set[tuple[Any, ...]]


def gold_as_of(day: date, silver: Sequence[Row]) -> Gold:
    """The expected gold of a day."""
    bought = defaultdict(list)
    for row in silver:
        if row["processing_date"] <= day and counts(row):
            bought[row["CustomerID"]].append(row)
    return gold_of([as_of(day, customer, rows) for customer, rows in bought.items()])


def gold_of(customers: Sequence[Customer]) -> Gold:
    """The expected gold of a day with these customers."""
    if not customers:
        return Gold(set(), set(), set(), set())
    monetary, frequency, recency = (
        median(float(value) for value in values)
        for values in zip(*((c.monetary, c.frequency, c.recency) for c in customers), strict=True)
    )
    exact = median(customer.monetary for customer in customers)
    placed = defaultdict(list)
    for customer in customers:
        placed[tier(customer, exact), status(customer, recency, frequency)].append(customer)
    return Gold(
        rfm=set(customers),
        thresholds={(monetary, frequency, recency, len(customers))},
        segments={
            (c.id, c.recency, c.frequency, c.monetary, *names, " - ".join(names))
            for names, members in placed.items()
            for c in members
        },
        summary={(" - ".join(names), *summary(members, placed.values())) for names, members in placed.items()},
    )


def counts(row: Row) -> bool:
    """Whether a silver row counts for a customer."""
    is_product = re.fullmatch(r"[0-9]{5}[a-zA-Z]*|PADS", row["StockCode"]) is not None
    return row["CustomerID"] is not None and not row["IsCancellation"] and is_product


def as_of(day: date, customer: str, rows: Sequence[Row]) -> Customer:
    """A customer, from the rows that count."""
    last = max(row["InvoiceDate"] for row in rows)
    invoices = {row["InvoiceNo"] for row in rows}
    return Customer(customer, last, (day - last).days, len(invoices), sum(row["TotalPrice"] for row in rows))


def tier(customer: Customer, median_monetary: Decimal) -> str:
    """The value tier."""
    if customer.monetary <= 0:
        return "Base Value"
    if customer.monetary > 2 * median_monetary:
        return "High Value"
    return "Growing Value" if customer.monetary > median_monetary else "Base Value"


def status(customer: Customer, median_recency: float, median_frequency: float) -> str:
    """The engagement status."""
    recent, frequent = customer.recency < median_recency, customer.frequency > median_frequency
    names = {(True, True): "Active & Engaged", (False, True): "At Risk", (True, False): "Developing"}
    return names.get((recent, frequent), "Inactive")


def summary(members: Sequence[Customer], segments: Collection[Sequence[Customer]]) -> tuple[Any, ...]:
    """A segment's count, averages, medians, revenue and shares of the total; no share of a negative total."""
    averages = [
        half_up(statistic([Fraction(getattr(customer, value)) for customer in members]))
        for value in ("monetary", "frequency", "recency")
        for statistic in (mean, median)
    ]
    revenue, *others = (spent(one) for one in (members, *segments))
    shared, total = max(revenue, Decimal(0)), sum(max(one, Decimal(0)) for one in others)
    of_customers = half_up(Fraction(100 * len(members), sum(map(len, segments))))
    return len(members), *averages, revenue, of_customers, half_up(Fraction(100 * shared) / Fraction(total or 1))


def spent(customers: Sequence[Customer]) -> Decimal:
    """The revenue of some customers."""
    return sum((customer.monetary for customer in customers), Decimal(0))


def half_up(number: Fraction) -> Decimal:
    """Rounded to two decimals, halves up."""
    hundredths = Decimal((number * 100).numerator) / Decimal((number * 100).denominator)
    return hundredths.quantize(Decimal(1), ROUND_HALF_UP) / 100


def migration(now: date, then: date, silver: Sequence[Row]) -> set[tuple[Any, ...]]:
    """The rows of segment_migration between two days, without the days; none if the earlier day had no customers."""
    earlier = gold_as_of(then, silver)
    was = {id_: (frequency, spent, segment) for id_, _, frequency, spent, *_, segment in earlier.segments}
    ways = defaultdict(list)
    for id_, recency, frequency, spent, *_, segment in gold_as_of(now, silver).segments:
        old_frequency, old_spent, old_segment = was.get(id_, (0, Decimal(0), "New customer"))
        if old_segment == segment:
            cause = "stayed"
        elif now - timedelta(days=recency) > then or (frequency, spent) != (old_frequency, old_spent):
            cause = "purchased"
        else:
            customer = Customer(id_, now, recency, frequency, spent)
            ((mid_spent, mid_frequency, mid_recency, _),) = earlier.thresholds
            by_then = f"{tier(customer, mid_spent)} - {status(customer, mid_recency, mid_frequency)}"
            cause = "threshold" if by_then == old_segment else "aged"
        ways[old_segment, segment].append((spent, cause))
    if not was:
        return set()
    return {(*way, len(moved), sum(spent for spent, _ in moved), *by_cause(moved)) for way, moved in ways.items()}


def by_cause(moved: Sequence[tuple[Decimal, str]]) -> list[int]:
    """How many customers moved for each cause."""
    return [sum(why == cause for _, why in moved) for cause in ("purchased", "aged", "threshold")]
