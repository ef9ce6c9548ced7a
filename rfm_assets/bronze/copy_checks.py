"""Checks for text delivered more than once: each copy is reported with its original."""

from collections.abc import Mapping
from typing import Any

from rfm_assets.bronze.duplicates import COMPARED
from rfm_assets.contracts.bronze import LANDED_FILES
from rfm_assets.tables.check import WARN, Check

# Compares as `duplicates` does: a row of an older ledger has no digest, but its version may be one.
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
        ON substr(coalesce(original.content_digest, original.version), 1, {COMPARED})
            = substr(coalesce(copy.content_digest, copy.version), 1, {COMPARED})
        AND original.duplicate_of IS NULL AND original.rows > 0
        AND (
            original.processing_date < copy.processing_date
            OR original.processing_date = copy.processing_date AND original.source_file < copy.source_file
        )
    WHERE (copy.duplicate_of IS NOT NULL OR original.source_file IS NOT NULL)"""


def _says(found: Mapping[str, Any]) -> str:
    return f"{found['source_file']} is a copy of {found['original_file']} ({found['outcome']})"


NO_COPY_WITHIN_A_DAY = Check(
    "no_copy_within_a_day",
    "No day has two files with the same text. The first by name is loaded, the others are not.",
    broken=f"{_COPIES} AND copy.duplicate_of IS NOT NULL AND original.processing_date = copy.processing_date "
    "AND copy.processing_date BETWEEN $first AND $last",
    severity=WARN,
    says=_says,
)

# A text that no loaded file has any more is reported whatever the days of the run.
NO_COPY_ACROSS_DAYS = Check(
    "no_copy_across_days",
    "No two days have a file with the same text, and each text is loaded once. The earliest day's is loaded, the "
    "others are not: deliver the right file for their days, or remove or rename the wrong one, and materialize from "
    "the earlier of the two days to the latest. A file that is no longer in the landing zone gives way then.",
    broken=f"{_COPIES} AND (copy.duplicate_of IS NULL OR "
    "original.processing_date IS DISTINCT FROM copy.processing_date) AND (original.source_file IS NULL OR "
    "copy.processing_date BETWEEN $first AND $last OR original.processing_date BETWEEN $first AND $last)",
    blocks=False,
    says=_says,
)
