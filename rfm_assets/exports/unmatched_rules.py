"""Checks that a profile's rules accept its lines: a rule that matches nothing leaves no customers."""

from collections.abc import Iterator

import duckdb

from rfm_assets.config.shop_file import Rules
from rfm_assets.silver.conditions import is_cancellation, is_invoice, is_product

_HALF = 0.5


def unmatched_rules(connection: duckdb.DuckDBPyConnection, rules: Rules) -> Iterator[str]:
    """A message for each rule that more than half of the sales in the table `lines` break.

    It gives the number, an example, and the line of rfm.toml that would change it.
    """
    cases = (
        ("Invoice", f"NOT ({is_invoice('Invoice', rules)})", 'invoice_pattern = "^.+$"'),
        (
            "Invoice",
            is_cancellation("Invoice", rules),
            'cancellation_pattern = "^REFUND-"',
        ),
        ("StockCode", f"NOT ({is_product('StockCode', rules)})", "not_product = []"),
    )
    said = ("are not invoice numbers", "are taken for cancellations", "are not products that count")
    for (column, broken, line), what in zip(cases, said, strict=True):
        bad, of, example = connection.execute(
            f"SELECT count(*) FILTER ({broken}), count(*), min({column}) FILTER ({broken}) FROM lines "
            f"WHERE left_out IS NULL AND amount > 0 AND {column} IS NOT NULL AND try_cast(Quantity AS DOUBLE) > 0"
        ).fetchone() or (0, 0, "")
        if of and bad > _HALF * of:
            yield f"{bad:,} of {of:,} {column} such as {example} {what} by [rules]: {line} would change that"
