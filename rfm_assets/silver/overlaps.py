"""Finds files contained in another: a check that names both, and marks on their repeated lines."""

from collections.abc import Mapping
from typing import Any

from rfm_assets.contracts import bronze
from rfm_assets.contracts.silver import FILE_OUTCOMES, TRANSACTIONS
from rfm_assets.silver.sales import of_run
from rfm_assets.tables.check import WARN, Check
from rfm_assets.warehouse.days import stored_rows
from rfm_assets.warehouse.query import Query, sql

_AS_DELIVERED = [
    name for name in bronze.TRANSACTIONS.types if name not in {"source_file", "ingestion_timestamp", "processing_date"}
]


def overlapping_files(delivered: Query) -> Query:
    """The files of the run's days, and of the 30 days before, whose lines are all in another file.

    `delivered` are the bronze lines of these days.
    """
    return sql(__package__, "overlapping_files", delivered=delivered).given(columns=", ".join(_AS_DELIVERED))


def marked_repeats(delivered: Query) -> Query:
    """The run's bronze lines, with `repeats`: the earlier file, or one of the same day, that contains their file."""
    return sql(
        __package__, "marked_repeats", delivered=of_run(delivered), overlapping_file=overlapping_files(delivered)
    )


def _says(found: Mapping[str, Any]) -> str:
    lines, revenue = f"{found['lines']:,} lines", f"{found['revenue']:,.2f}"
    outcome = "are left out" if found["left_out"] else f"count twice, with sales of {revenue}"
    return f"all {lines} of {found['source_file']} are also in {found['other_file']} and {outcome}"


NO_FILE_IS_WITHIN_ANOTHER = Check(
    "no_file_is_within_another",
    "No file of 20 lines or more has only lines that another file within 30 days has, too, identical in all columns. "
    'Such lines count twice: remove one of the files, or set contained = "skip" in [rules] of rfm.toml, which skips a '
    "file whose lines had been delivered by its day.",
    broken=f"""
        SELECT overlap.processing_date, overlap.source_file, lines, other_date, other_file,
            coalesce(revenue, 0) AS revenue, coalesce(repeated_lines, 0) > 0 AS left_out
        FROM ({overlapping_files(stored_rows(bronze.TRANSACTIONS, "BETWEEN $first - 30 AND $last")).sql()}) AS overlap
        LEFT JOIN (
            SELECT processing_date, source_file, sum(TotalPrice) AS revenue FROM {TRANSACTIONS.address}
            WHERE NOT IsCancellation AND processing_date BETWEEN $first - 30 AND $last
            GROUP BY processing_date, source_file
        ) AS sold USING (processing_date, source_file)
        LEFT JOIN (
            SELECT processing_date, source_file, repeated_lines FROM {FILE_OUTCOMES.address}
        ) AS outcome USING (processing_date, source_file)""",
    severity=WARN,
    says=_says,
)
