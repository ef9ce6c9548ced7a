"""What is looked at in the delivered files, and that bronze holds them."""

from rfm_assets.contracts.bronze import TRANSACTIONS
from rfm_assets.table_checks import WARN, Check, build_checks, no_row_where

CHECKS = [
    build_checks(
        TRANSACTIONS,
        no_row_where(
            TRANSACTIONS,
            "_rescued_data IS NOT NULL",
            name="no_malformed_lines",
            promise="Every line splits into the header's columns. A malformed one is kept raw in _rescued_data.",
            severity=WARN,
        ),
        Check(
            "every_day_was_delivered",
            "Every day has a file with lines. An undelivered day is stored empty; deliver its file to fill it.",
            broken=f"""
                SELECT CAST(day AS DATE) AS undelivered_day
                FROM (
                    SELECT min(processing_date) AS oldest, max(processing_date) AS newest
                    FROM {TRANSACTIONS.address}
                ) AS stored, generate_series(
                    CASE WHEN $first > DATE '0001-01-01' THEN $first ELSE oldest END,
                    CASE WHEN $last < DATE '9999-12-31' THEN $last ELSE newest END,
                    INTERVAL 1 DAY
                ) AS calendar(day)
                WHERE CAST(day AS DATE) NOT IN (SELECT processing_date FROM {TRANSACTIONS.address})""",
            severity=WARN,
        ),
    )
]
