"""Checks that the quality tables count every delivered line, and that a day's volume is usual."""

from collections.abc import Mapping, Sequence

from rfm_assets.contracts import Table, bronze, silver
from rfm_assets.contracts.quality import (
    BRONZE_DAILY_QUALITY,
    BRONZE_SILVER_DQ_COMPARISON,
    CUSTOMER_IDENTITY,
    DAILY_COUNTS,
    RULE_OUTCOMES,
)
from rfm_assets.silver.rules import RULES
from rfm_assets.tables.check import WARN, Check, days_of

_BRONZE = bronze.TRANSACTIONS

_DELIVERED_DAYS = f"""
    SELECT processing_date, count(*) AS lines, count(*) FILTER (WHERE _rescued_data IS NULL) AS well_formed_lines
    FROM {_BRONZE.address} WHERE {days_of(_BRONZE)} GROUP BY processing_date"""

VOLUME_IS_USUAL = Check(
    "volume_is_usual",
    "A day has between a third and three times the usual lines: the median of the delivered days in the four weeks "
    "before, if there are at least seven.",
    broken=f"""
        SELECT processing_date, total_records, usual_records FROM (
            SELECT
                day.processing_date,
                day.total_records,
                median(CAST(earlier.total_records AS DOUBLE)) AS usual_records,
                count(*) AS earlier_days
            FROM {BRONZE_DAILY_QUALITY.address} AS day
            JOIN {BRONZE_DAILY_QUALITY.address} AS earlier
                ON earlier.processing_date BETWEEN day.processing_date - 28 AND day.processing_date - 1
            WHERE day.processing_date BETWEEN $first AND $last
            GROUP BY day.processing_date, day.total_records
        )
        WHERE earlier_days >= 7 AND total_records NOT BETWEEN usual_records / 3 AND usual_records * 3""",
    says=lambda found: "{processing_date}: {total_records:,} lines, usually {usual_records:,.0f}".format(**found),
    severity=WARN,
)

EVERY_LINE_IS_COUNTED = Check(
    "every_line_is_counted",
    "Each delivered day is there, with as many records as bronze has lines.",
    broken=f"""
        SELECT processing_date, lines, total_records
        FROM ({_DELIVERED_DAYS}) AS delivered
        FULL JOIN (
            SELECT processing_date, total_records FROM {BRONZE_DAILY_QUALITY.address}
            WHERE {days_of(BRONZE_DAILY_QUALITY)}
        ) AS counted USING (processing_date)
        WHERE lines IS DISTINCT FROM total_records""",
)

BOTH_LAYERS_ARE_THERE = Check(
    "both_layers_are_there",
    "Each delivered day has a bronze row and a silver row, and silver has no defect that a rule removes.",
    broken=f"""
        SELECT processing_date, lines, layers, silver_defects
        FROM ({_DELIVERED_DAYS}) AS delivered
        FULL JOIN (
            SELECT processing_date, count(*) AS layers, sum(
                CASE WHEN table_layer = 'silver_transactions_clean' THEN
                    null_invoice + bad_invoice + null_stock_code + null_quantity + bad_quantity + null_invoice_date
                    + bad_price ELSE 0 END
            ) AS silver_defects
            FROM {BRONZE_SILVER_DQ_COMPARISON.address} WHERE {days_of(BRONZE_SILVER_DQ_COMPARISON)}
            GROUP BY processing_date
        ) AS compared USING (processing_date)
        WHERE lines IS NULL OR layers IS DISTINCT FROM 2 OR silver_defects > 0""",
)

COUNTS_ADD_UP = Check(
    "counts_add_up",
    "The counts per invoice date add up to the bronze lines of the day.",
    broken=f"""
        SELECT processing_date, lines, counted
        FROM ({_DELIVERED_DAYS}) AS delivered
        FULL JOIN (
            SELECT processing_date, sum(record_counts) AS counted FROM {DAILY_COUNTS.address}
            WHERE {days_of(DAILY_COUNTS)} AND table_layer = '01_bronze_transactions_raw' GROUP BY processing_date
        ) AS counts USING (processing_date)
        WHERE lines IS DISTINCT FROM counted""",
)

EVERY_RULE_IS_COUNTED = Check(
    "every_rule_is_counted",
    "Each delivered day has one row per rule, each over all of the day's well-formed lines. A day that was made "
    "before a rule was added lacks that rule: materialize it again.",
    broken=f"""
        SELECT processing_date, well_formed_lines, rules, fewest, most
        FROM ({_DELIVERED_DAYS}) AS delivered
        FULL JOIN (
            SELECT processing_date, count(*) AS rules, min(passed_records) AS fewest_passed,
                min(passed_records + failed_records) AS fewest, max(passed_records + failed_records) AS most
            FROM {RULE_OUTCOMES.address} WHERE {days_of(RULE_OUTCOMES)} GROUP BY processing_date
        ) AS outcomes USING (processing_date)
        WHERE well_formed_lines IS NULL OR rules IS DISTINCT FROM {len(RULES)}
            OR fewest <> well_formed_lines OR most <> well_formed_lines OR fewest_passed < 0""",
)

IDENTITY_ADDS_UP = Check(
    "identity_adds_up",
    "Each delivered day is there, with the lines and the revenue of its sales, and of those to unknown customers.",
    broken=f"""
        SELECT processing_date, lines, sold, sales_lines, revenue, anonymous_revenue
        FROM ({_DELIVERED_DAYS}) AS delivered
        FULL JOIN (
            SELECT processing_date, sales_lines, revenue, anonymous_revenue FROM {CUSTOMER_IDENTITY.address}
            WHERE {days_of(CUSTOMER_IDENTITY)}
        ) AS identity USING (processing_date)
        LEFT JOIN (
            SELECT processing_date, count(*) AS sold, sum(TotalPrice) AS sold_for,
                sum(CASE WHEN CustomerID IS NULL THEN TotalPrice ELSE 0 END) AS sold_to_nobody
            FROM {silver.TRANSACTIONS.address} WHERE {days_of(silver.TRANSACTIONS)} AND NOT IsCancellation
            GROUP BY processing_date
        ) AS of_silver USING (processing_date)
        WHERE lines IS NULL OR sales_lines IS DISTINCT FROM coalesce(sold, 0)
            OR revenue IS DISTINCT FROM coalesce(sold_for, 0)
            OR anonymous_revenue IS DISTINCT FROM coalesce(sold_to_nobody, 0)""",
)

CHECKS: Mapping[Table, Sequence[Check]] = {
    BRONZE_DAILY_QUALITY: (EVERY_LINE_IS_COUNTED, VOLUME_IS_USUAL),
    BRONZE_SILVER_DQ_COMPARISON: (BOTH_LAYERS_ARE_THERE,),
    DAILY_COUNTS: (COUNTS_ADD_UP,),
    CUSTOMER_IDENTITY: (IDENTITY_ADDS_UP,),
    RULE_OUTCOMES: (EVERY_RULE_IS_COUNTED,),
}
