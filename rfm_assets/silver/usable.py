"""Checks that stop an empty or half-empty delivery from being published as complete.

They belong to silver.customer_invoices, which gold waits for, and read silver.file_outcomes, which the same step makes.
One statement finds unusable files, days and runs; which of three checks reports them depends on how new they are.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rfm_assets.contracts.bronze import TRANSACTIONS as BRONZE
from rfm_assets.contracts.silver import FILE_OUTCOMES, REJECTED_TRANSACTIONS, TRANSACTIONS
from rfm_assets.delivered import MALFORMED_LINE
from rfm_assets.forms.common import CANCELLATION_RULE, CUSTOMER_RULE, PRODUCT_RULE, column_of, select_forms
from rfm_assets.literals import literal
from rfm_assets.silver.rules import RULES, typed
from rfm_assets.silver.sales import sales
from rfm_assets.silver.texts import NAMES_NOBODY
from rfm_assets.tables.check import WARN, Check, days_of
from rfm_assets.warehouse.query import Query, sql


def refused(rejected: Query) -> Query:
    """The lines that silver refused, with whether each is a return."""
    return sql(__package__, "refused", typed=typed(rejected))


def file_outcomes(transactions: Query, rejected: Query) -> Query:
    """The outcome of each file's lines: all that the checks of later runs need to know about a day."""
    return sql(
        __package__,
        "file_outcomes",
        valid=transactions,
        refused=refused(rejected),
        sales=sales(transactions),
    )


EVERY_FILE_IS_COUNTED = Check(
    "every_file_is_counted",
    f"{FILE_OUTCOMES.address} has each file of the run's days with all its lines, to show that these are usable. It "
    "lacks them if a day was made without it: materialize it together with silver.",
    broken=f"""
        SELECT processing_date, source_file, landed, counted
        FROM (
            SELECT processing_date, source_file, count(*) AS landed
            FROM {BRONZE.address} WHERE {days_of(BRONZE)} GROUP BY processing_date, source_file
        ) AS bronze
        FULL JOIN (
            SELECT processing_date, source_file, lines AS counted
            FROM {FILE_OUTCOMES.address} WHERE {days_of(FILE_OUTCOMES)}
        ) AS outcomes USING (processing_date, source_file)
        WHERE landed IS DISTINCT FROM counted""",
)


def _unusable(days: str) -> str:
    """The SELECT of what is unusable on `days`, a condition on processing_date."""
    outcomes = Query(f"SELECT * FROM {FILE_OUTCOMES.address} WHERE processing_date {days}")
    return sql(__package__, "usable", file_outcomes=outcomes).sql()


def _says(found: Mapping[str, Any]) -> str:
    """A row of usable.sql in words."""
    first, last, file = found["first_day"], found["last_day"], found["source_file"]
    lines, failing, returns = (found[name] for name in ("lines", "failing", "returns"))
    parts = []
    if found["lines_fail"]:
        apart = f" (apart from {returns:,} returns)" if returns else ""
        parts.append(f"{failing:,} of {lines - returns:,} lines{apart} fail the rules")
    if found["nobody_is_known"]:
        parts.append(f"not one of {lines - failing - returns:,} valid lines is a sale to a known customer")
    if found["too_little_counts"]:
        revenue, counted = found["revenue"], found["counted_revenue"]
        parts.append(f"{counted:,.2f} of {revenue:,.2f} that known customers spent counts, by the product rule")
    return f"{file or (first if first == last else f'{first} to {last}')}: {' and '.join(parts)}"


def _forms(doubtful: str) -> str:
    """The forms of what failed, except returns, in the files and days that a SELECT names."""
    inside = """EXISTS (
        SELECT * FROM doubtful
        WHERE line.processing_date BETWEEN doubtful.first_day AND doubtful.last_day
            AND coalesce(line.source_file = doubtful.source_file, true)
    )"""
    failed = refused(Query(f"SELECT * FROM {REJECTED_TRANSACTIONS.address} AS line WHERE {inside}")).sql()
    # Named once: in a Spark statement each name is one table.
    return f"""
        WITH doubtful AS ({doubtful}),
        wrong_line AS (SELECT * FROM ({failed}) AS failed WHERE NOT is_return AND NOT is_repeated)
        {select_forms(_failing_texts(inside))}"""


def _failing_texts(inside: str) -> dict[str, str]:
    """For each rule, a SELECT of the texts that failed it; `inside` is true for lines of unusable files and days."""
    sold = sales(Query(f"SELECT * FROM {TRANSACTIONS.address} AS line WHERE {inside}")).sql()
    texts = {
        rule.name: f"SELECT {column_of(rule.name)} AS text FROM wrong_line "
        f"WHERE contains(',' || failed_rules || ',', {literal(f',{rule.name},')})"
        for rule in RULES
    }
    texts[MALFORMED_LINE] = (
        f"SELECT _rescued_data AS text FROM wrong_line WHERE failed_rules = {literal(MALFORMED_LINE)}"
    )
    unknown = f"{inside} AND EXISTS (SELECT * FROM doubtful WHERE nobody_is_known)"
    texts[CUSTOMER_RULE] = (
        f"SELECT CustomerID AS text FROM {BRONZE.address} AS line "
        f"WHERE {unknown} AND _rescued_data IS NULL AND {NAMES_NOBODY}"
    )
    texts[CANCELLATION_RULE] = (
        f"SELECT InvoiceNo AS text FROM {TRANSACTIONS.address} AS line WHERE {unknown} AND IsCancellation"
    )
    texts[PRODUCT_RULE] = (
        f"SELECT StockCode AS text FROM ({sold}) AS sold WHERE CustomerID IS NOT NULL AND NOT CountsForCustomer"
    )
    return texts


def _usable(name: str, which: str, found: str, *, then: str) -> Check:
    return Check(
        name,
        f"{which} can be used: some lines pass the rules, more than half of 20 or more (returns count neither way), "
        f"some sales name a customer, and half or more of what these spent is for products. {then}",
        broken=found,
        says=_says,
        forms=_forms(found),
        at_fault=f"SELECT DISTINCT first_day FROM ({found}) AS unusable WHERE first_day = last_day",
    )


_OF_RUN = _unusable("BETWEEN $first AND $last")

NEWEST_DAY_IS_USABLE = _usable(
    "newest_day_is_usable",
    "The newest delivered day of a run, each file of it, and the run as a whole",
    f"SELECT * FROM ({_OF_RUN}) AS found WHERE last_day = newest",
    then="If not, outdated segments would be published as new: correct the file and deliver it again.",
)

OLDER_DAYS_ARE_USABLE = replace(
    _usable(
        "older_days_are_usable",
        "Each day of a run before its newest, and each file of it,",
        f"SELECT * FROM ({_OF_RUN}) AS found WHERE last_day < newest",
        then="If not, later days continue without it: correct its file and deliver it again.",
    ),
    blocks=False,
)

EARLIER_DAYS_ARE_USABLE = replace(
    _usable(
        "earlier_days_are_usable",
        "Each day before those of the run, and each file of it,",
        f"SELECT * FROM ({_unusable('< $first')}) AS found WHERE first_day = last_day",
        then="A day is named in every run until its file is corrected and delivered again. Days made by a version "
        "without this check are skipped.",
    ),
    severity=WARN,
)

USABLE = (NEWEST_DAY_IS_USABLE, OLDER_DAYS_ARE_USABLE, EARLIER_DAYS_ARE_USABLE)
