"""Checks that marketing can rely on gold: every customer once, every penny accounted for."""

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
from rfm_assets.gold.money_checks import MONEY_CHECKS
from rfm_assets.gold.rfm_checks import RFM_CHECKS
from rfm_assets.gold.rfm_names import RFM_NAMES
from rfm_assets.gold.segments import LOOK_BACKS, RECOMMENDATIONS
from rfm_assets.literals import literal
from rfm_assets.tables.check import WARN, Check, customers_are_those_of, days_of, no_row_where

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
    "Stored days before the run were divided by the current section [segments] of the shop file. Other days look, "
    "compared with later ones, as if customers had moved: make them again with `rfm refresh`.",
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
    promise="Every customer of customer_rfm is in a segment, and nobody else is. key_is_unique checks that it is only "
    "one.",
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
    "Every customer of a day, and their spending, is counted once against each stored earlier day.",
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
    promise="Each customer who moved has one of three causes, and customers who stayed have none.",
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

CHECKS: Mapping[Table, Sequence[Check]] = {
    CUSTOMER_MONEY: MONEY_CHECKS,
    CUSTOMER_RFM: RFM_CHECKS,
    SEGMENT_THRESHOLDS: (THRESHOLDS_COVER_EVERY_CUSTOMER, SAME_POLICY),
    CUSTOMER_SEGMENTS: (SEGMENTS_ARE_KNOWN, EVERY_CUSTOMER_HAS_ONE_SEGMENT),
    SEGMENT_SUMMARY: (SUMMARY_ADDS_UP,),
    SEGMENT_MIGRATION: (EVERY_CUSTOMER_IS_FOLLOWED, EVERY_MOVE_HAS_A_CAUSE),
    CUSTOMER_SCORES: (EVERY_CUSTOMER_HAS_SCORES, SCORES_ARE_IN_RANGE, RANKS_BALANCE),
}
