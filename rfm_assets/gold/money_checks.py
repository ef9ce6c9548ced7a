"""Checks that what customers spent, returned and kept adds up on every day, and that net RFM is computed from it."""

from rfm_assets.contracts import Table
from rfm_assets.contracts.gold import CUSTOMER_MONEY, CUSTOMER_RFM
from rfm_assets.contracts.silver import CUSTOMER_INVOICES, RETURNS
from rfm_assets.tables.check import Check, days_of, no_row_where

NET_IS_WHAT_IS_LEFT = no_row_where(
    CUSTOMER_MONEY,
    "Net <> Gross - Returned OR Gross < 0 OR Returned < 0 OR Orders < 1 OR Orders_Kept < 0 OR Orders_Kept > Orders "
    "OR Return_Rate IS DISTINCT FROM CASE WHEN Gross > 0 THEN Returned / Gross END",
    name="net_is_what_is_left",
    promise="Net is Gross less Returned, both zero or more; there is at least one order, and none is kept twice.",
)


def if_later(source: Table, table: Table) -> str:
    """The rows of a source to check later days of a table against; no day is read if no later day is stored."""
    return f"""(
    SELECT * FROM {source.address}
    WHERE processing_date <= (SELECT max(as_of_date) FROM {table.address} WHERE as_of_date > $last)
)"""


def _unreconciled(days: str, invoices: str = CUSTOMER_INVOICES.address, returns: str = RETURNS.address) -> str:
    """SQL for the as-of dates, among `days`, whose money differs from what silver holds so far.

    A return counts from the customer's first purchase on.
    """
    first = f"SELECT CustomerID, min(processing_date) AS first_day FROM {invoices} GROUP BY CustomerID"
    return f"""
        SELECT as_of_date, gross, net, returned, customers, orders, sold, sent_back, buyers, invoices
        FROM (
            SELECT as_of_date, sum(Gross) AS gross, sum(Net) AS net, sum(Returned) AS returned,
                count(*) AS customers, sum(Orders) AS orders
            FROM {CUSTOMER_MONEY.address} WHERE as_of_date {days} GROUP BY as_of_date
        ) AS money
        FULL JOIN (
            SELECT * FROM (
                SELECT as_of_date,
                    sum(sum(sold)) OVER (ORDER BY as_of_date) AS sold,
                    sum(sum(sent_back)) OVER (ORDER BY as_of_date) AS sent_back,
                    sum(sum(buyers)) OVER (ORDER BY as_of_date) AS buyers,
                    sum(sum(invoices)) OVER (ORDER BY as_of_date) AS invoices
                FROM (
                    SELECT processing_date AS as_of_date, Amount AS sold, 0 AS sent_back, 0 AS buyers, 0 AS invoices
                    FROM {invoices}
                    UNION ALL
                    SELECT greatest(processing_date, first_day), 0, Amount, 0, 0
                    FROM {returns} AS returned
                    JOIN ({first}) AS buyer ON buyer.CustomerID = returned.CustomerID
                    WHERE CountsForCustomer
                    UNION ALL
                    SELECT first_day, 0, 0, 1, 0 FROM ({first}) AS buyer
                    UNION ALL
                    SELECT min(processing_date), 0, 0, 0, 1
                    FROM {invoices} GROUP BY CustomerID, InvoiceNo
                    UNION ALL -- a day without a delivery has the money of the day before
                    SELECT DISTINCT as_of_date, 0, 0, 0, 0 FROM {CUSTOMER_MONEY.address} WHERE as_of_date {days}
                )
                GROUP BY as_of_date
            )
            WHERE as_of_date {days}
        ) AS so_far USING (as_of_date)
        WHERE gross IS DISTINCT FROM sold OR returned IS DISTINCT FROM sent_back
            OR net + returned IS DISTINCT FROM gross
            OR customers IS DISTINCT FROM buyers OR orders IS DISTINCT FROM invoices"""


MONEY_RECONCILES = Check(
    "money_reconciles_with_silver",
    "As of each day, money kept and money returned add up to money spent, and match the invoices and returns in silver "
    "so far, to the penny.",
    broken=f"SELECT * FROM ({_unreconciled('BETWEEN $first AND $last')}) WHERE as_of_date NOT IN ($thinned)",
)

LATER_MONEY_FOLLOWS = Check(
    "later_snapshots_follow",
    "The stored money of later days comes from the same invoices and returns. It does not if an old day has changed "
    "and only that day was made again: materialize from it to the latest day.",
    broken=f"""
        SELECT * FROM (
            {_unreconciled("> $last", if_later(CUSTOMER_INVOICES, CUSTOMER_MONEY), if_later(RETURNS, CUSTOMER_MONEY))}
        )
        WHERE gross IS NOT NULL""",
    blocks=False,
)

MONEY_CHECKS = (NET_IS_WHAT_IS_LEFT, MONEY_RECONCILES, LATER_MONEY_FOLLOWS)

RFM_IS_NET = Check(
    "rfm_is_what_was_kept",
    "As of each day, customers, orders and money match those kept in customer_money.",
    broken=f"""
        SELECT as_of_date, customers, customers_of_money, orders, kept, revenue, net
        FROM (
            SELECT as_of_date, count(*) AS customers, sum(Frequency) AS orders, sum(Monetary) AS revenue
            FROM {CUSTOMER_RFM.address} WHERE {days_of(CUSTOMER_RFM)} GROUP BY as_of_date
        ) AS rfm
        FULL JOIN (
            SELECT as_of_date, count(*) AS customers_of_money, sum(Orders_Kept) AS kept, sum(Net) AS net
            FROM {CUSTOMER_MONEY.address} WHERE {days_of(CUSTOMER_MONEY)} GROUP BY as_of_date
        ) AS money USING (as_of_date)
        WHERE (customers IS DISTINCT FROM customers_of_money OR orders IS DISTINCT FROM kept
            OR revenue IS DISTINCT FROM net) AND as_of_date NOT IN ($thinned)""",
)
