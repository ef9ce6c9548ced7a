"""Checks that nothing is lost between bronze and silver, that silver keeps its promises, and for source errors."""

from collections.abc import Mapping, Sequence

from rfm_assets.config import in_force
from rfm_assets.contracts import Table, bronze
from rfm_assets.contracts.silver import (
    CUSTOMER_INVOICES,
    FILE_OUTCOMES,
    INVOICES,
    REJECTED_TRANSACTIONS,
    RETURNS,
    TRANSACTIONS,
)
from rfm_assets.delivered import MALFORMED_LINE
from rfm_assets.forms.common import column_of, select_forms
from rfm_assets.literals import literal
from rfm_assets.silver.conditions import is_invoice, quantity_times_price
from rfm_assets.silver.overlaps import NO_FILE_IS_WITHIN_ANOTHER
from rfm_assets.silver.return_checks import RETURN_CHECKS
from rfm_assets.silver.rules import RULES, Rule
from rfm_assets.silver.sales import product_sales, sales
from rfm_assets.silver.usable import EVERY_FILE_IS_COUNTED, USABLE
from rfm_assets.tables.check import WARN, Check, days_of, no_row_where
from rfm_assets.warehouse.query import Query

_BRONZE, _SILVER, _REJECTED = bronze.TRANSACTIONS, TRANSACTIONS, REJECTED_TRANSACTIONS


def rule_check(rule: Rule) -> Check:
    """Red when lines of the run's days fail a rule. They are in silver.rejected_transactions, not lost."""
    failing = f"""
        FROM {_REJECTED.address}
        WHERE {days_of(_REJECTED)} AND contains(',' || failed_rules || ',', {literal(f",{rule.name},")})"""
    return Check(
        rule.name,
        f"{rule.asks}. {rule.why} Lines that fail are in {_REJECTED.address}.",
        broken=f"SELECT * {failing}",
        forms=select_forms({rule.name: f"SELECT {column_of(rule.name)} AS text {failing}"}),
        severity=WARN,
        per_day=True,
        checked=f"""
            SELECT count(*) AS looked_at FROM {_BRONZE.address} WHERE {days_of(_BRONZE)} AND _rescued_data IS NULL""",
    )


NOTHING_IS_LOST = Check(
    "nothing_is_lost",
    "Every bronze line of every file is in silver or in the rejected rows, exactly once.",
    broken=f"""
        SELECT processing_date, source_file, sum(bronze) AS bronze, sum(silver) AS silver, sum(rejected) AS rejected
        FROM (
            SELECT processing_date, source_file, 1 AS bronze, 0 AS silver, 0 AS rejected
            FROM {_BRONZE.address} WHERE {days_of(_BRONZE)}
            UNION ALL
            SELECT processing_date, source_file, 0, 1, 0 FROM {_SILVER.address} WHERE {days_of(_SILVER)}
            UNION ALL
            SELECT processing_date, source_file, 0, 0, 1 FROM {_REJECTED.address} WHERE {days_of(_REJECTED)}
        )
        GROUP BY processing_date, source_file
        HAVING sum(bronze) <> sum(silver) + sum(rejected)""",
    per_day=True,
)

_TOTAL = quantity_times_price("Quantity", "UnitPrice", "ExactUnitPrice", in_force.rules())

VALUES_ARE_IN_RANGE = no_row_where(
    _SILVER,
    f"NOT ({is_invoice('InvoiceNo', in_force.rules())}) OR Quantity <= 0 OR UnitPrice < 0 "
    f"OR LineAmount < 0 OR TotalPrice <> coalesce(LineAmount, {_TOTAL}) "
    "OR Year <> year(InvoiceDate) OR Month <> month(InvoiceDate) OR DayOfWeek <> isodow(InvoiceDate) % 7 + 1",
    name="values_are_in_range",
    promise="Quantities are above zero, prices and amounts not below it, totals and calendar columns are right.",
)

_ANY_RULE = "|".join(rule.name for rule in RULES)

REASONS_ARE_KNOWN = no_row_where(
    _REJECTED,
    f"failed_rules <> {literal(MALFORMED_LINE)} AND NOT regexp_matches("
    f"failed_rules, '^(({_ANY_RULE}),)*({_ANY_RULE})$')",
    name="reasons_are_known",
    promise="Every refused line names rules that exist.",
)

_SILVER_DAYS = Query(f"SELECT * FROM {TRANSACTIONS.address} WHERE {days_of(TRANSACTIONS)}")

CUSTOMER_INVOICES_RECONCILE = Check(
    "revenue_reconciles_with_silver",
    "The invoices of a day add up, to the penny, to its product sales in silver.",
    broken=f"""
        SELECT processing_date, sum(sold) AS sold, sum(invoiced) AS invoiced FROM (
            SELECT processing_date, TotalPrice AS sold, 0 AS invoiced FROM ({product_sales(_SILVER_DAYS).sql()})
            UNION ALL
            SELECT processing_date, 0, Amount FROM {CUSTOMER_INVOICES.address} WHERE {days_of(CUSTOMER_INVOICES)}
        )
        GROUP BY processing_date HAVING sum(sold) <> sum(invoiced)""",
)

INVOICES_RECONCILE = Check(
    "revenue_reconciles_with_silver",
    "The invoices of a day add up, to the penny, to its sales in silver, and so does what counts for a customer.",
    broken=f"""
        SELECT processing_date, sum(sold) AS sold, sum(invoiced) AS invoiced,
            sum(counts) AS counts, sum(counted) AS counted
        FROM (
            SELECT processing_date, TotalPrice AS sold, 0 AS invoiced,
                CASE WHEN CountsForCustomer THEN TotalPrice ELSE 0 END AS counts, 0 AS counted
            FROM ({sales(_SILVER_DAYS).sql()})
            UNION ALL
            SELECT processing_date, 0, Amount, 0, coalesce(ProductAmount, 0)
            FROM {INVOICES.address} WHERE {days_of(INVOICES)}
        )
        GROUP BY processing_date HAVING sum(sold) <> sum(invoiced) OR sum(counts) <> sum(counted)""",
)

EVERY_DAY_IS_JUDGED = Check(
    "every_day_so_far_is_judged",
    "Every line in bronze, of any day so far, has been judged since it was loaded. It has not if an earlier run failed "
    "half-way: materialize from that day to the latest.",
    broken=f"""
        SELECT processing_date, landed, judged
        FROM (
            SELECT processing_date, count(*) AS landed, max(ingestion_timestamp) AS loaded_at
            FROM {_BRONZE.address} WHERE processing_date <= $last GROUP BY processing_date
        ) AS bronze
        FULL JOIN (
            SELECT processing_date, count(*) AS judged, max(ingestion_timestamp) AS judged_at
            FROM (
                SELECT processing_date, ingestion_timestamp FROM {_SILVER.address}
                UNION ALL
                SELECT processing_date, ingestion_timestamp FROM {_REJECTED.address}
            )
            WHERE processing_date <= $last GROUP BY processing_date
        ) AS silver USING (processing_date)
        WHERE landed IS DISTINCT FROM judged OR loaded_at IS DISTINCT FROM judged_at""",
)

CHECKS: Mapping[Table, Sequence[Check]] = {
    _SILVER: (*(rule_check(rule) for rule in RULES), NOTHING_IS_LOST, VALUES_ARE_IN_RANGE),
    _REJECTED: (REASONS_ARE_KNOWN,),
    FILE_OUTCOMES: (NO_FILE_IS_WITHIN_ANOTHER,),
    CUSTOMER_INVOICES: (CUSTOMER_INVOICES_RECONCILE, EVERY_DAY_IS_JUDGED, EVERY_FILE_IS_COUNTED, *USABLE),
    INVOICES: (INVOICES_RECONCILE,),
    RETURNS: RETURN_CHECKS,
}
