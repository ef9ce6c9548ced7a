"""Checks that recency, frequency and money match silver's invoices so far; under a net policy, what was kept."""

from rfm_assets.config import in_force
from rfm_assets.contracts.gold import CUSTOMER_RFM
from rfm_assets.contracts.silver import CUSTOMER_INVOICES
from rfm_assets.gold.money_checks import RFM_IS_NET, if_later
from rfm_assets.settings import settings
from rfm_assets.tables.check import Check, no_row_where

RECENCY = no_row_where(
    CUSTOMER_RFM,
    "Recency < 0 OR Recency <> greatest(datediff('day', MaxInvoiceDate, as_of_date), 0) "
    f"OR datediff('day', as_of_date, MaxInvoiceDate) > {settings().invoice_days_ahead}",
    name="recency_is_not_negative",
    promise="Recency is the days from the last purchase to the as-of date, zero or more. Silver refuses invoices dated "
    "after their file; a last purchase later than allowed comes from a day that was made under another rule or "
    "setting: materialize from that day to the latest.",
)
FREQUENCY = no_row_where(
    CUSTOMER_RFM, "Frequency < 1", name="frequency_is_at_least_one", promise="Every customer has an invoice."
)
MONETARY = no_row_where(
    CUSTOMER_RFM, "Monetary < 0", name="monetary_is_not_negative", promise="Nobody's spending is negative."
)


def _unreconciled(days: str, invoices: str = CUSTOMER_INVOICES.address) -> str:
    """SQL for the as-of dates, among `days`, whose customers, orders and revenue differ from those delivered so far."""
    return f"""
        SELECT as_of_date, snapshot.revenue, snapshot.customers, snapshot.orders,
            so_far.revenue AS invoiced, so_far.customers AS buyers, so_far.orders AS invoices
        FROM (
            SELECT as_of_date, sum(Monetary) AS revenue, count(*) AS customers, sum(Frequency) AS orders
            FROM {CUSTOMER_RFM.address} WHERE as_of_date {days} GROUP BY as_of_date
        ) AS snapshot
        FULL JOIN (
            SELECT * FROM (
                SELECT
                    as_of_date,
                    sum(sum(amount)) OVER (ORDER BY as_of_date) AS revenue,
                    sum(sum(customers)) OVER (ORDER BY as_of_date) AS customers,
                    sum(sum(orders)) OVER (ORDER BY as_of_date) AS orders
                FROM (
                    SELECT processing_date AS as_of_date, sum(Amount) AS amount, 0 AS customers, 0 AS orders
                    FROM {invoices} GROUP BY processing_date
                    UNION ALL
                    SELECT first_day, 0, count(*), 0
                    FROM (SELECT min(processing_date) AS first_day FROM {invoices} GROUP BY CustomerID)
                    GROUP BY first_day
                    UNION ALL
                    SELECT first_day, 0, 0, count(*)
                    FROM (SELECT min(processing_date) AS first_day FROM {invoices} GROUP BY CustomerID, InvoiceNo)
                    GROUP BY first_day
                    UNION ALL -- a day without a delivery has the customers of the day before
                    SELECT DISTINCT as_of_date, 0, 0, 0 FROM {CUSTOMER_RFM.address} WHERE as_of_date {days}
                )
                GROUP BY as_of_date
            )
            WHERE as_of_date {days}
        ) AS so_far USING (as_of_date)
        WHERE snapshot.revenue IS DISTINCT FROM so_far.revenue
            OR snapshot.customers IS DISTINCT FROM so_far.customers
            OR snapshot.orders IS DISTINCT FROM so_far.orders"""


RFM_RECONCILES = Check(
    "revenue_reconciles_with_invoices",
    "As of each day, customers, orders and spending match all invoices so far, to the penny.",
    broken=f"SELECT * FROM ({_unreconciled('BETWEEN $first AND $last')}) WHERE as_of_date NOT IN ($thinned)",
)

LATER_SNAPSHOTS_FOLLOW = Check(
    "later_snapshots_follow",
    "The stored snapshots of later days count the same invoices. They do not if an old day has changed and only "
    "that day was made again: materialize from it to the latest day.",
    broken=f"""
        SELECT * FROM ({_unreconciled("> $last", if_later(CUSTOMER_INVOICES, CUSTOMER_RFM))})
        WHERE revenue IS NOT NULL""",
    blocks=False,
)

_RFM_IS_GROSS = (FREQUENCY, MONETARY, RFM_RECONCILES, LATER_SNAPSHOTS_FOLLOW)

RFM_CHECKS = (RECENCY, *((RFM_IS_NET,) if in_force.segments().is_net else _RFM_IS_GROSS))
