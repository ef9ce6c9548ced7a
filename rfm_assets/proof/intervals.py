"""Bootstrap intervals of a segment's revenue, reproducible by a fixed seed."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from rfm_assets.literals import literal
from rfm_assets.warehouse.protocols import Connection
from rfm_assets.warehouse.query import Query

RESAMPLES = 500
_AT_ONCE = 1_000_000  # draws in memory


class SegmentOfCut(NamedTuple):
    """Names a segment of a cut."""

    measured_on: date
    horizon_days: int
    segment: str


def revenue_intervals(connection: Connection, outcome: Query) -> Query:
    """The 95 % interval of each segment's revenue, as a small table; `outcome` has each customer's `spent`."""
    rows = connection.execute(
        "SELECT measured_on, horizon_days, segment, CAST(spent AS DOUBLE) AS spent, count(*) AS customers "
        f"FROM ({outcome.sql()}) AS outcome GROUP BY measured_on, horizon_days, segment, spent "
        "ORDER BY measured_on, horizon_days, segment, spent"
    ).fetchall()
    found = [
        (SegmentOfCut(*named), *interval([(spent, customers) for *_, spent, customers in group], seed=str(named)))
        for named, group in groupby(rows, key=itemgetter(0, 1, 2))
    ]
    return interval_table(found)


def interval(spending: Sequence[tuple[float, int]], *, seed: str) -> tuple[float, float]:
    """The middle 95 % of a sum over resampled customers, from pairs of amount and number of customers.

    A Poisson bootstrap: each customer is drawn a Poisson number of times, with mean one (Hanley and MacGibbon, 2006).
    Customers with the same amount are drawn together, and those who spent nothing not at all.
    """
    import numpy as np

    amounts, customers = (np.array(column) for column in zip(*spending, strict=True))
    amounts, customers = amounts[amounts != 0], customers[amounts != 0]
    if not len(amounts):
        return 0.0, 0.0
    random, sums = np.random.default_rng(list(seed.encode())), []
    at_once = max(_AT_ONCE // len(amounts), 1)
    for done in range(0, RESAMPLES, at_once):
        shape = (min(at_once, RESAMPLES - done), len(amounts))
        sums.append(random.poisson(customers, size=shape) @ amounts)
    low, high = np.quantile(np.concatenate(sums), [0.025, 0.975])
    return float(low), float(high)


def interval_table(found: Sequence[tuple[SegmentOfCut, float, float]]) -> Query:
    """The interval of each segment of a cut, as a table."""
    rows = [
        f"(DATE '{of.measured_on}', {of.horizon_days}, {literal(of.segment)}, {low:.2f}, {high:.2f})"
        for of, low, high in found
    ]
    nothing = "(DATE '0001-01-01', 0, '', 0.00, 0.00)"
    values = ", ".join(rows or [nothing])
    return Query(f"SELECT * FROM (VALUES {values}) AS given(measured_on, horizon_days, segment, low, high)")
