"""Checks as data: a SELECT of the rows that break a promise about a table.

WARN means that the source is dirty, and the pipeline goes on. ERROR means that the pipeline broke a promise:
everything downstream waits, unless the check does not block.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import dagster as dg

from rfm_assets.contracts import Table
from rfm_assets.partitions import DAILY

ERROR, WARN = dg.AssetCheckSeverity.ERROR, dg.AssetCheckSeverity.WARN

Span = tuple[date, date]
"""The first and the last day of a range."""


@dataclass(frozen=True)
class Check:
    """A promise about a table's days `$first` to `$last`; days in `$thinned` no longer have customers.

    `broken` selects the rows that break it; `checked` counts the rows checked, if that is a number of rows.
    """

    name: str
    promise: str
    broken: str
    severity: dg.AssetCheckSeverity = ERROR
    checked: str = ""
    sized_by: Table | None = None
    """For what compares customers one by one, each day by itself: the table whose rows of a day tell how many days can
    be looked at at once."""
    blocks: bool = True
    """Whether everything downstream waits when a check of severity ERROR is red."""
    says: Callable[[Mapping[str, Any]], str] | None = None
    """Words a failing row for alerts, which show no sample."""
    forms: str = ""
    """The SELECT of the failing texts' forms (`select_forms`), for checks on texts; runs only when the check fails."""
    at_fault: str = ""
    """The SELECT of the days whose own files broke it; the sensor requests these once they are corrected."""
    condition: str = ""
    """For a promise about single rows of the table: the condition of failing rows, so that one scan counts them all."""

    per_day: bool = False
    """Whether a run over several days reports each day, for checks that people look up by day; `broken` has the day."""

    @property
    def blocking(self) -> bool:
        """Whether everything downstream waits when it is red."""
        return self.blocks and self.severity is ERROR

    def spec(self, table: Table) -> dg.AssetCheckSpec:
        """The check's declaration for Dagster."""
        return dg.AssetCheckSpec(
            self.name,
            asset=table.asset_key,
            description=self.promise,
            blocking=self.blocking,
            partitions_def=DAILY if self.per_day else None,
        )


class Counted(NamedTuple):
    """The number of rows that break a check, of how many if known, and the days of a sample."""

    failed: int
    looked_at: int | None
    red_span: Span | None


def days_of(table: Table) -> str:
    """SQL for whether a row belongs to the run's days."""
    return f"{table.address}.{table.day} BETWEEN $first AND $last"


def no_row_where(
    table: Table, condition: str, *, name: str, promise: str, severity: dg.AssetCheckSeverity = ERROR
) -> Check:
    """The check that no row of a table meets the condition."""
    return Check(
        name,
        promise,
        broken=f"SELECT * FROM {table.address} WHERE {days_of(table)} AND ({condition})",
        severity=severity,
        condition=condition,
    )


def customers_are_those_of(wanted: Table, table: Table, *, name: str, promise: str) -> Check:
    """The check that each day's customers equal those of another table; unique keys ensure that each is there once."""
    return Check(
        name,
        promise,
        broken=f"""
            SELECT as_of_date, CustomerID, wanted, found
            FROM (
                SELECT as_of_date, CustomerID, true AS wanted FROM {wanted.address} WHERE {days_of(wanted)}
            ) AS those_wanted
            FULL JOIN (
                SELECT as_of_date, CustomerID, true AS found FROM {table.address} WHERE {days_of(table)}
            ) AS those_found USING (as_of_date, CustomerID)
            WHERE wanted IS NULL OR found IS NULL""",
        sized_by=wanted,
    )
