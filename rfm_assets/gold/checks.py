"""That gold is what marketing may rely on: every customer once, every penny accounted for."""

from collections.abc import Mapping, Sequence

from rfm_assets.config import in_force
from rfm_assets.config.segments import Segments
from rfm_assets.contracts import Table
from rfm_assets.contracts.gold import (
    CUSTOMER_MONEY,
    CUSTOMER_RFM,
    CUSTOMER_SCORES,
    CUSTOMER_SEGMENTS,
    SEGMENT_MIGRATION,
    SEGMENT_SUMMARY,
    SEGMENT_THRESHOLDS,
)
from rfm_assets.contracts.silver import CUSTOMER_INVOICES
from rfm_assets.gold.money_checks import MONEY_CHECKS, RFM_IS_NET, invoices_if_later
from rfm_assets.gold.rfm_names import RFM_NAMES
from rfm_assets.gold.segments import LOOK_BACKS, RECOMMENDATIONS
from rfm_assets.literals import literal
from rfm_assets.settings import settings
from rfm_assets.tables.check import WARN, Check, customers_are_those_of, days_of, no_row_where

RECENCY = no_row_where(
    CUSTOMER_RFM,
    "Recency < 0 OR Recency <> greatest(datediff('day', MaxInvoiceDate, as_of_date), 0) "
    f"OR datediff('day', as_of_date, MaxInvoiceDate) > {settings().invoice_days_ahead}",
    name="recency_is_not_negative",
    promise="Recency counts the days from the last purchase to the as-of date, zero or more. Silver refuses invoices "
    "dated after their file; a last purchase later than allowed is from a day that was judged under another rule or "
    "setting: materialize from that day to the latest.",
)
FREQUENCY = no_row_where(
    CUSTOMER_RFM, "Frequency < 1", name="frequency_is_at_least_one", promise="Every customer has an invoice."
)
MONETARY = no_row_where(
    CUSTOMER_RFM, "Monetary < 0", name="monetary_is_not_negative", promise="Nobody has spent less than nothing."
)


def _unreconciled(days: str, invoices: str = CUSTOMER_INVOICES.address) -> str:
    """The as-of dates that meet a condition and whose customers, orders and revenue are not those delivered so far."""
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
    "As of each day, the customers, their orders and what they spent are those of all invoices so far, to the penny.",
    broken=f"SELECT * FROM ({_unreconciled('BETWEEN $first AND $last')}) WHERE as_of_date NOT IN ($thinned)",
)

LATER_SNAPSHOTS_FOLLOW = Check(
    "later_snapshots_follow",
    "The stored snapshots of later days count the same invoices. They do not when an old day has changed and only "
    "that day was made again: materialize from it to the latest day.",
    broken=f"SELECT * FROM ({_unreconciled('> $last', invoices_if_later(CUSTOMER_RFM))}) WHERE revenue IS NOT NULL",
    blocks=False,
)

THRESHOLDS_COVER_EVERY_CUSTOMER = Check(
    "customers_are_those_of_the_day",
    "Each day's thresholds are taken over all of its customers.",
    broken=f"""
        SELECT as_of_date, counted.customers, threshold.customers AS in_thresholds FROM (
            SELECT as_of_date, count(*) AS customers FROM {CUSTOMER_RFM.address}
            WHERE {days_of(CUSTOMER_RFM)} GROUP BY as_of_date
        ) AS counted
        FULL JOIN (
            SELECT as_of_date, customers FROM {SEGMENT_THRESHOLDS.address} WHERE {days_of(SEGMENT_THRESHOLDS)}
        ) AS threshold USING (as_of_date)
        WHERE counted.customers IS DISTINCT FROM threshold.customers AND as_of_date NOT IN ($thinned)""",
)

_POLICY = in_force.segments().policy

SAME_POLICY = Check(
    "earlier_days_have_this_policy",
    "The stored days before those of the run are divided by section [segments] of the shop file as it is now. Days "
    "that are not compare with later ones as if customers had moved: make them again with `rfm refresh`.",
    broken=f"""
        SELECT as_of_date, policy FROM {SEGMENT_THRESHOLDS.address}
        WHERE as_of_date < $first AND coalesce(policy, {literal(Segments().policy)}) <> {literal(_POLICY)}""",
    severity=WARN,
)

SEGMENTS_ARE_KNOWN = no_row_where(
    CUSTOMER_SEGMENTS,
    f"segment NOT IN ({', '.join(literal(name) for name in RECOMMENDATIONS)})",
    name="segment_is_one_of_twelve",
    promise="Every segment is one of the twelve that have a recommendation.",
)

EVERY_CUSTOMER_HAS_ONE_SEGMENT = customers_are_those_of(
    CUSTOMER_RFM,
    CUSTOMER_SEGMENTS,
    name="every_customer_has_one_segment",
    promise="Every customer of customer_rfm is in a segment, and nobody else is. That it is in one only, "
    "key_is_unique says.",
)

SUMMARY_ADDS_UP = Check(
    "summary_adds_up",
    "The segments of a day add up to its customers and their revenue, and the shares to 100 percent.",
    broken=f"""
        SELECT as_of_date, customers, customers_summed, revenue, revenue_summed, pct_of_customers, pct_of_revenue
        FROM (
            SELECT as_of_date, count(*) AS customers, sum(Monetary) AS revenue
            FROM {CUSTOMER_SEGMENTS.address} WHERE {days_of(CUSTOMER_SEGMENTS)} GROUP BY as_of_date
        ) AS counted
        FULL JOIN (
            SELECT as_of_date, sum(Customer_Count) AS customers_summed, sum(Total_Revenue) AS revenue_summed,
                sum(Pct_of_Customers) AS pct_of_customers, sum(Pct_of_Revenue) AS pct_of_revenue
            FROM {SEGMENT_SUMMARY.address} WHERE {days_of(SEGMENT_SUMMARY)} GROUP BY as_of_date
        ) AS summed USING (as_of_date)
        WHERE (customers IS DISTINCT FROM customers_summed OR revenue IS DISTINCT FROM revenue_summed
            OR abs(pct_of_customers - 100) > 0.06 OR (revenue > 0 AND abs(pct_of_revenue - 100) > 0.06))
            AND as_of_date NOT IN ($thinned)""",
)

_BACK = ", ".join(map(str, LOOK_BACKS))

_DAYS_WITH_CUSTOMERS = f"""
    SELECT DISTINCT as_of_date FROM {CUSTOMER_SEGMENTS.address}
    WHERE as_of_date BETWEEN $first - {max(LOOK_BACKS)} AND $last"""

EVERY_CUSTOMER_IS_FOLLOWED = Check(
    "every_customer_is_followed",
    "Every customer of a day, and what they have spent, is counted once against each earlier day that is stored.",
    broken=f"""
        SELECT as_of_date, compared_to, customers, followed, revenue, revenue_followed
        FROM (
            SELECT as_of_date, compared_to, sum(followed) AS followed, sum(revenue_followed) AS revenue_followed
            FROM (
                SELECT as_of_date, compared_to, Customer_Count AS followed, Monetary AS revenue_followed
                FROM {SEGMENT_MIGRATION.address} WHERE {days_of(SEGMENT_MIGRATION)}
                UNION ALL -- the pairs of days that must be there
                SELECT today.as_of_date, earlier.as_of_date, 0, 0
                FROM ({_DAYS_WITH_CUSTOMERS}) AS today
                JOIN ({_DAYS_WITH_CUSTOMERS}) AS earlier
                    ON datediff('day', earlier.as_of_date, today.as_of_date) IN ({_BACK})
                WHERE today.as_of_date >= $first
            )
            GROUP BY as_of_date, compared_to
        ) AS counted
        LEFT JOIN (
            SELECT as_of_date, count(*) AS customers, sum(Monetary) AS revenue
            FROM {CUSTOMER_SEGMENTS.address} WHERE {days_of(CUSTOMER_SEGMENTS)} GROUP BY as_of_date
        ) AS today USING (as_of_date)
        WHERE as_of_date NOT IN ($thinned) AND (
            customers IS DISTINCT FROM followed OR revenue IS DISTINCT FROM revenue_followed
            OR datediff('day', compared_to, as_of_date) NOT IN ({_BACK})
        )""",
)

EVERY_MOVE_HAS_A_CAUSE = no_row_where(
    SEGMENT_MIGRATION,
    "purchased < 0 OR aged < 0 OR threshold < 0 OR purchased + aged + threshold <> "
    "CASE WHEN from_segment = to_segment THEN 0 ELSE Customer_Count END",
    name="every_move_has_a_cause",
    promise="Each customer who moved did so for one of three causes, and who stayed has none.",
)

EVERY_CUSTOMER_HAS_SCORES = customers_are_those_of(
    CUSTOMER_RFM,
    CUSTOMER_SCORES,
    name="every_customer_has_scores",
    promise="Every customer of customer_rfm has scores, and nobody else has.",
)

SCORES_ARE_IN_RANGE = no_row_where(
    CUSTOMER_SCORES,
    "R_Score NOT BETWEEN 1 AND 5 OR F_Score NOT BETWEEN 1 AND 5 OR M_Score NOT BETWEEN 1 AND 5 "
    "OR Value_Score < 0 OR Value_Rank NOT BETWEEN 0 AND 1 OR Typical_Gap_Days < 1 "
    f"OR RFM_Name NOT IN ({', '.join(literal(name) for name in sorted({one.name for one in RFM_NAMES}))})",
    name="scores_are_in_range",
    promise="Scores are 1 to 5 and have a name, ranks are 0 to 1, no value is negative and no gap shorter than a day.",
)

RANKS_BALANCE = Check(
    "ranks_balance",
    "The ranks of a day average one half, whatever the ties: nobody is ranked twice or left out.",
    broken=f"""
        SELECT as_of_date, mean_rank FROM (
            SELECT as_of_date, sum(Value_Rank) / count(*) AS mean_rank
            FROM {CUSTOMER_SCORES.address} WHERE {days_of(CUSTOMER_SCORES)} GROUP BY as_of_date
        ) AS ranked WHERE abs(mean_rank - 0.5) > 0.000001""",
)
RFM_IS_GROSS = (FREQUENCY, MONETARY, RFM_RECONCILES, LATER_SNAPSHOTS_FOLLOW)

CHECKS: Mapping[Table, Sequence[Check]] = {
    CUSTOMER_MONEY: MONEY_CHECKS,
    CUSTOMER_RFM: (RECENCY, *((RFM_IS_NET,) if in_force.segments().is_net else RFM_IS_GROSS)),
    SEGMENT_THRESHOLDS: (THRESHOLDS_COVER_EVERY_CUSTOMER, SAME_POLICY),
    CUSTOMER_SEGMENTS: (SEGMENTS_ARE_KNOWN, EVERY_CUSTOMER_HAS_ONE_SEGMENT),
    SEGMENT_SUMMARY: (SUMMARY_ADDS_UP,),
    SEGMENT_MIGRATION: (EVERY_CUSTOMER_IS_FOLLOWED, EVERY_MOVE_HAS_A_CAUSE),
    CUSTOMER_SCORES: (EVERY_CUSTOMER_HAS_SCORES, SCORES_ARE_IN_RANGE, RANKS_BALANCE),
}
