"""Which days of another table an asset reads, as SQL and as a partition mapping."""

from dataclasses import dataclass

import dagster as dg

from rfm_assets.contracts import Table
from rfm_assets.partitions import (
    A_YEAR_BEFORE_TOO,
    EVERY_DAY_SO_FAR,
    THE_DAY_BEFORE_TOO,
    THIRTY_DAYS_BEFORE_TOO,
)
from rfm_assets.warehouse.days import stored_rows
from rfm_assets.warehouse.query import Query


@dataclass(frozen=True)
class Reads:
    """A table that a step reads, and its days: as a condition over `$first` and `$last`, and as a partition mapping."""

    table: Table
    days: str
    mapping: dg.PartitionMapping | None = None

    @property
    def rows(self) -> Query:
        """The table's rows of these days, as a lazy query."""
        return stored_rows(self.table, self.days)

    @property
    def dep(self) -> dg.AssetDep:
        """The dependency in the graph."""
        return dg.AssetDep(self.table.asset_key, partition_mapping=self.mapping)


def same_days(table: Table) -> Reads:
    """The days of the run."""
    return Reads(table, "BETWEEN $first AND $last")


def every_day_so_far(table: Table) -> Reads:
    """All days up to the run's last; the statement itself limits each as-of date to its past."""
    return Reads(table, "<= $last", EVERY_DAY_SO_FAR)


def days_and_the_one_before(table: Table) -> Reads:
    """The run's days and the day before the first, if stored."""
    return Reads(table, "BETWEEN $first - 1 AND $last", THE_DAY_BEFORE_TOO)


def days_and_thirty_before(table: Table) -> Reads:
    """The run's days and the thirty before the first, if stored."""
    return Reads(table, "BETWEEN $first - 30 AND $last", THIRTY_DAYS_BEFORE_TOO)


def days_and_a_year_before(table: Table) -> Reads:
    """The run's days and the 365 before the first, if stored."""
    return Reads(table, "BETWEEN $first - 365 AND $last", A_YEAR_BEFORE_TOO)
