"""The five rules a line must pass to be silver, declared once: the filter, the reasons, the checks and the docs."""

from dataclasses import dataclass

from rfm_assets.warehouse.query import Query, literal, sql

MALFORMED_LINE = "malformed_line"


@dataclass(frozen=True)
class Rule:
    """A rule on one line: what it asks, the SQL condition (over typed.sql) under which it passes, and why it is asked.

    A condition that is NULL fails.
    """

    name: str
    asks: str
    passes: str
    why: str


RULES = (
    Rule(
        "valid_invoice_no",
        "Invoice has 6 or 7 characters",
        "length(Invoice) IN (6, 7)",
        "An invoice number has six digits, or a letter and six digits; anything else cannot be traced to a sale.",
    ),
    Rule(
        "valid_stock_code",
        "StockCode is there",
        "StockCode IS NOT NULL",
        "Without a product code nobody knows what was sold.",
    ),
    Rule(
        "valid_quantity",
        "Quantity is a whole number above zero",
        "typed_quantity > 0",
        "A sale has at least one unit; returns carry negative quantities.",
    ),
    Rule(
        "valid_unit_price",
        "Price is a number, zero or more",
        "typed_price >= 0",
        "A price below zero is a correction of the books, not a sale.",
    ),
    Rule(
        "valid_invoice_date",
        "InvoiceDate is a day of the calendar, YYYY-MM-DD",
        "typed_date IS NOT NULL",
        "Recency needs the day of every sale.",
    ),
)


def typed(transactions: Query) -> Query:
    """Bronze lines beside what their text means."""
    return sql(__package__, "typed", transactions=transactions)


def judged(transactions: Query) -> Query:
    """Typed bronze lines with `failed_rules`: the names of all rules a line fails, comma-separated; empty if none."""
    reasons = ",\n        ".join(
        f"CASE WHEN coalesce({rule.passes}, false) THEN NULL ELSE {literal(rule.name)} END" for rule in RULES
    )
    return Query(
        f"""SELECT
    *,
    CASE WHEN _rescued_data IS NOT NULL THEN {literal(MALFORMED_LINE)} ELSE concat_ws(
        ',',
        {reasons}
    ) END AS failed_rules
FROM typed""",
        {"typed": typed(transactions)},
    )
