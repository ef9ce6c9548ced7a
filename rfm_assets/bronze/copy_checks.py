"""Whether a text was delivered more than once: every copy is named with the file that it is a copy of."""

from collections.abc import Iterator
from datetime import date

import dagster as dg

from rfm_assets.contracts.bronze import LANDED_FILES
from rfm_assets.partitions import run_days
from rfm_assets.tables.table_asset import WAREHOUSE_POOL
from rfm_assets.tables.table_checks import ERROR, SAMPLE_ROWS, WARN, Check, evaluate
from rfm_assets.warehouse.engine import Engine


def no_copy_within_a_day(first: date, last: date) -> Check:
    """The check that no file of the days from `first` to `last` was left out for another one of its day."""
    return Check(
        "no_copy_within_a_day",
        "No day has two files with the same text. The first by name is loaded, the others are not.",
        broken=f"{_COPIES} AND copy.duplicate_of IS NOT NULL AND original.processing_date = copy.processing_date "
        f"AND copy.processing_date BETWEEN DATE '{first}' AND DATE '{last}'",
        severity=WARN,
    )


def no_copy_across_days(first: date, last: date) -> Check:
    """The check that no file of the days from `first` to `last` has the text of another day's, and none counts twice.

    A text that is in no loaded file any more is named whatever the days are.
    """
    days = f"BETWEEN DATE '{first}' AND DATE '{last}'"
    return Check(
        "no_copy_across_days",
        "No two days have a file with the same text, and each text is loaded once. The earliest day's is loaded, the "
        "others are not: deliver the right file for their days, and materialize from the earliest to the latest.",
        broken=f"{_COPIES} AND (copy.duplicate_of IS NULL OR "
        "original.processing_date IS DISTINCT FROM copy.processing_date) AND (original.source_file IS NULL OR "
        f"copy.processing_date {days} OR original.processing_date {days})",
        severity=ERROR,
        blocks=False,
    )


# The comparison is that of `duplicates`: a row of an older ledger has no digest, but its version may be one.
_COPIES = f"""
    SELECT copy.processing_date, copy.source_file,
        coalesce(original.source_file, copy.duplicate_of) AS original_file,
        original.processing_date AS original_date,
        CASE
            WHEN original.source_file IS NULL THEN 'not loaded, and the other file has another text by now'
            WHEN copy.duplicate_of IS NULL THEN 'both are loaded'
            ELSE 'not loaded'
        END AS outcome
    FROM {LANDED_FILES.address} AS copy
    LEFT JOIN {LANDED_FILES.address} AS original
        ON substr(coalesce(original.content_digest, original.version), 1, 32)
            = substr(coalesce(copy.content_digest, copy.version), 1, 32)
        AND original.duplicate_of IS NULL AND original.rows > 0
        AND (
            original.processing_date < copy.processing_date
            OR original.processing_date = copy.processing_date AND original.source_file < copy.source_file
        )
    WHERE (copy.duplicate_of IS NOT NULL OR original.source_file IS NOT NULL)"""

_CHECKS = (no_copy_within_a_day, no_copy_across_days)


@dg.multi_asset_check(
    name="bronze__landed_files__copies",
    specs=[check(date.min, date.max).spec(LANDED_FILES) for check in _CHECKS],
    can_subset=True,
    pool=WAREHOUSE_POOL,
)
def copies(
    context: dg.AssetCheckExecutionContext, warehouse: dg.ResourceParam[Engine]
) -> Iterator[dg.AssetCheckResult]:
    """Looks for copies among the files of the run's days, and of other days where they are the same."""
    chosen = {key.name for key in context.selected_asset_check_keys}
    days = run_days(context)
    with warehouse.connect(read_only=True) as connection:
        for check in (make(*days) for make in _CHECKS):
            if check.name not in chosen:
                continue
            found = evaluate(check, LANDED_FILES, connection, days)
            copies = connection.execute(
                f"SELECT source_file, original_file, outcome FROM ({check.broken}) ORDER BY ALL LIMIT {SAMPLE_ROWS}"
            )
            named = "; ".join(f"{copy} is a copy of {other} ({outcome})" for copy, other, outcome in copies.fetchall())
            yield found._replace(description=f"{found.description}: {named}") if named else found
