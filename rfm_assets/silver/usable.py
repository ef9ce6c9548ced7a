"""Whether what was delivered can be used: checks that turn red before nothing, or half of it, is published as all.

They sit on silver.customer_invoices, since that is what gold waits for. One statement finds the files, the days and the
run that are not usable; which of three checks says so depends on how new they are.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rfm_assets.contracts.silver import CUSTOMER_INVOICES, REJECTED_TRANSACTIONS, TRANSACTIONS
from rfm_assets.forms.common import MALFORMED, PRODUCT_RULE, column_of, select_forms
from rfm_assets.silver.rules import MALFORMED_LINE, RULES
from rfm_assets.silver.sales import sales
from rfm_assets.silver.texts import without_blanks
from rfm_assets.tables.table_checks import WARN, Check
from rfm_assets.warehouse.query import Query, literal

MANY_LINES = 20
"""From how many lines on half of them are enough; fewer have to fail all."""

_SILVER, _REJECTED, _COUNTED = TRANSACTIONS.address, REJECTED_TRANSACTIONS.address, CUSTOMER_INVOICES.address

# A return is what a sound source delivers too: it is left out of both the lines and those that fail.
_IS_RETURN = f"""failed_rules = 'valid_quantity' AND regexp_matches({without_blanks("Invoice")}, '^[cC][0-9]+$')
                AND regexp_matches({without_blanks("Quantity")}, '^-[0-9]+([.]0*)?$')"""


def unusable(days: str) -> str:
    """The files, days and the run of all `days` of which nothing, or not even half, can be used.

    `days` is a condition on processing_date. A day with one file is a row with its name, a day with several one without
    a name and one for each file; the run is a row from its first day to its last, where it has several.
    """
    return f"""
        WITH delivered AS (
            SELECT processing_date, source_file, sum(lines) AS lines, sum(failing) AS failing, sum(sales) AS sales,
                sum(revenue) AS revenue
            FROM (
                SELECT processing_date, source_file, 1 AS lines, 0 AS failing,
                    CASE WHEN CustomerID IS NOT NULL AND NOT IsCancellation THEN 1 ELSE 0 END AS sales,
                    CASE WHEN CustomerID IS NOT NULL AND NOT IsCancellation THEN TotalPrice ELSE 0 END AS revenue
                FROM {_SILVER} WHERE processing_date {days}
                UNION ALL
                SELECT processing_date, source_file, judged, judged, 0, 0
                FROM (
                    SELECT processing_date, source_file, CASE WHEN {_IS_RETURN} THEN 0 ELSE 1 END AS judged
                    FROM {_REJECTED} WHERE processing_date {days}
                ) AS refused
            ) AS line
            GROUP BY processing_date, source_file
        ),
        of_day AS (
            SELECT processing_date, files, file, lines, failing, sales, revenue, coalesce(invoices, 0) AS invoices,
                coalesce(amount, 0) AS amount
            FROM (
                SELECT processing_date, count(*) AS files, max(source_file) AS file, sum(lines) AS lines,
                    sum(failing) AS failing, sum(sales) AS sales, sum(revenue) AS revenue
                FROM delivered GROUP BY processing_date
            ) AS summed
            LEFT JOIN (
                SELECT processing_date, count(*) AS invoices, sum(Amount) AS amount
                FROM {_COUNTED} WHERE processing_date {days} GROUP BY processing_date
            ) AS counted USING (processing_date)
        )
        SELECT first_day, last_day, source_file, lines, failing, sales, invoices, revenue, amount,
            (SELECT max(processing_date) FROM delivered) AS newest
        FROM (
            SELECT processing_date AS first_day, processing_date AS last_day,
                CASE WHEN files = 1 THEN file END AS source_file, lines, failing, sales, revenue, invoices, amount
            FROM of_day
            UNION ALL
            SELECT processing_date, processing_date, source_file, lines, failing, NULL, 0, NULL, 0
            FROM delivered WHERE processing_date IN (SELECT processing_date FROM of_day WHERE files > 1)
            UNION ALL
            SELECT min(processing_date), max(processing_date), NULL, sum(lines), sum(failing), sum(sales),
                sum(revenue), sum(invoices), sum(amount)
            FROM of_day HAVING count(*) > 1
        ) AS looked_at
        WHERE (failing > 0 AND failing = lines) OR (lines >= {MANY_LINES} AND 2 * failing >= lines)
            OR (sales > 0 AND invoices = 0) OR 2 * amount < revenue
            OR (sales = 0 AND lines - failing >= {MANY_LINES})"""


def _says(found: Mapping[str, Any]) -> str:
    """A row of `unusable` as a person reads it."""
    first, last, file = found["first_day"], found["last_day"], found["source_file"]
    where = file or (str(first) if first == last else f"{first} to {last}")
    lines, failing, revenue, amount = (found[name] for name in ("lines", "failing", "revenue", "amount"))
    parts = []
    if failing and (failing == lines or (lines >= MANY_LINES and 2 * failing >= lines)):
        parts.append(f"{failing:,} of {lines:,} lines fail the rules")
    if found["sales"] == 0 and lines - failing >= MANY_LINES:
        parts.append(f"not one of {lines - failing:,} valid lines is a sale to a known customer")
    elif found["sales"] and (not found["invoices"] or 2 * amount < revenue):
        parts.append(f"{amount:,.2f} of {revenue:,.2f} that known customers spent counts, by the product rule")
    return f"{where}: {' and '.join(parts)}"


def _forms(doubtful: str) -> str:
    """The forms of what failed in files and on days that a SELECT names."""
    inside = """EXISTS (
        SELECT * FROM doubtful
        WHERE line.processing_date BETWEEN doubtful.first_day AND doubtful.last_day
            AND coalesce(line.source_file = doubtful.source_file, true)
    )"""
    rejected = f"FROM {_REJECTED} AS line WHERE {inside}"
    failing = {
        rule.name: f"SELECT {column_of(rule.name)} AS text {rejected} "
        f"AND contains(',' || failed_rules || ',', {literal(f',{rule.name},')})"
        for rule in RULES
    }
    of_customers = sales(Query(f"SELECT * FROM {_SILVER} AS line WHERE {inside}")).sql()
    forms = select_forms(
        failing
        | {
            MALFORMED: f"SELECT _rescued_data AS text {rejected} AND failed_rules = {literal(MALFORMED_LINE)}",
            PRODUCT_RULE: f"SELECT StockCode AS text FROM ({of_customers}) AS sold "
            "WHERE CustomerID IS NOT NULL AND NOT CountsForCustomer",
        }
    )
    return f"WITH doubtful AS ({doubtful}) {forms}"  # named once: a statement of Spark has each name for one table


def _usable(name: str, which: str, found: str, *, then: str) -> Check:
    return Check(
        name,
        f"{which} can be used: some lines pass the rules, more than half of {MANY_LINES} or more (returns count "
        f"neither way), some sales name a customer, and half or more of what these spent is for products. {then}",
        broken=found,
        says=_says,
        forms=_forms(found),
        at_fault=f"SELECT DISTINCT first_day FROM ({found}) AS unusable WHERE first_day = last_day",
    )


_OF_RUN = unusable("BETWEEN $first AND $last")

NEWEST_DAY_IS_USABLE = _usable(
    "newest_day_is_usable",
    "The newest delivered day of a run, each file of it, and the run as a whole",
    f"SELECT * FROM ({_OF_RUN}) AS found WHERE last_day = newest",
    then="If not, segments would be published as new that are not: correct the file and deliver it again.",
)

OLDER_DAYS_ARE_USABLE = replace(
    _usable(
        "older_days_are_usable",
        "Each day of a run before its newest, and each file of it,",
        f"SELECT * FROM ({_OF_RUN}) AS found WHERE last_day < newest",
        then="If not, the days after it go on without it: correct its file and deliver it again.",
    ),
    blocks=False,
)

EARLIER_DAYS_ARE_USABLE = replace(
    _usable(
        "earlier_days_are_usable",
        "Each day before those of the run, and each file of it,",
        f"SELECT * FROM ({unusable('< $first')}) AS found WHERE first_day = last_day",
        then="A day is named in every run until its file is corrected and delivered again.",
    ),
    severity=WARN,
)

USABLE = (NEWEST_DAY_IS_USABLE, OLDER_DAYS_ARE_USABLE, EARLIER_DAYS_ARE_USABLE)
