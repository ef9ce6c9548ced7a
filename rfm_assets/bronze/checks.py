"""Checks on the delivered files, and that bronze holds them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rfm_assets.bronze.copy_checks import NO_COPY_ACROSS_DAYS, NO_COPY_WITHIN_A_DAY
from rfm_assets.contracts import Table
from rfm_assets.contracts.bronze import LANDED_FILES, TRANSACTIONS
from rfm_assets.delivered import MALFORMED_LINE
from rfm_assets.forms.common import select_forms
from rfm_assets.tables.check import WARN, Check, days_of, no_row_where

LEDGER_COUNTS_EVERY_LINE = Check(
    "ledger_counts_every_line",
    "Each file's rows in the ledger are its lines in bronze, and bronze holds no other file.",
    broken=f"""
        SELECT processing_date, source_file, in_bronze, ledger.rows AS in_ledger
        FROM (
            SELECT processing_date, source_file, count(*) AS in_bronze
            FROM {TRANSACTIONS.address} WHERE {days_of(TRANSACTIONS)} GROUP BY ALL
        ) AS bronze
        FULL JOIN (
            SELECT processing_date, source_file, rows FROM {LANDED_FILES.address} WHERE {days_of(LANDED_FILES)}
        ) AS ledger USING (processing_date, source_file)
        WHERE coalesce(in_bronze, 0) IS DISTINCT FROM ledger.rows""",
)

NO_MALFORMED_LINES = replace(
    no_row_where(
        TRANSACTIONS,
        "_rescued_data IS NOT NULL",
        name="no_malformed_lines",
        promise="Every line splits into the header's columns. A malformed one is kept raw in _rescued_data.",
        severity=WARN,
    ),
    per_day=True,
    forms=select_forms(
        {
            MALFORMED_LINE: f"SELECT _rescued_data AS text FROM {TRANSACTIONS.address} "
            f"WHERE {days_of(TRANSACTIONS)} AND _rescued_data IS NOT NULL"
        }
    ),
)

CHECKS: Mapping[Table, Sequence[Check]] = {
    TRANSACTIONS: (
        NO_MALFORMED_LINES,
        Check(
            "every_day_was_delivered",
            "Every day has a file with lines. An undelivered day is stored empty; deliver its file to fill it.",
            broken=f"""
                SELECT undelivered_day
                FROM (
                    SELECT CAST(day AS DATE) AS undelivered_day
                    FROM (
                        SELECT unnest(generate_series(
                            CASE WHEN $first > DATE '0001-01-01' THEN $first ELSE oldest END,
                            CASE WHEN $last < DATE '9999-12-31' THEN $last ELSE newest END,
                            INTERVAL 1 DAY
                        )) AS day
                        FROM (
                            SELECT min(processing_date) AS oldest, max(processing_date) AS newest
                            FROM {TRANSACTIONS.address}
                        ) AS stored
                    ) AS series
                ) AS calendar
                WHERE undelivered_day NOT IN (
                    SELECT processing_date FROM {TRANSACTIONS.address} WHERE {days_of(TRANSACTIONS)}
                )""",
            says=lambda found: str(found["undelivered_day"]),
            severity=WARN,
        ),
    ),
    LANDED_FILES: (LEDGER_COUNTS_EVERY_LINE, NO_COPY_WITHIN_A_DAY, NO_COPY_ACROSS_DAYS),
}
