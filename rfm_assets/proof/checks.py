"""Checks that every method covers every customer of a cut, and that every measure is within its range."""

from collections.abc import Mapping, Sequence

from rfm_assets.config import in_force
from rfm_assets.contracts import Table
from rfm_assets.contracts.gold import CUSTOMER_SEGMENTS, KIND
from rfm_assets.contracts.proof import BACKTEST, EXPECTED_REVENUE, SEGMENT_OUTCOMES
from rfm_assets.contracts.silver import CUSTOMER_INVOICES, RETURNS
from rfm_assets.tables.check import Check, days_of, no_row_where

_MONEY = f"SELECT processing_date, CustomerID, Amount FROM {CUSTOMER_INVOICES.address}"
if in_force.segments().is_net:
    _MONEY += f" UNION ALL SELECT processing_date, CustomerID, -Amount FROM {RETURNS.address} WHERE CountsForCustomer"

# A cut thinned since still has its outcomes, but no customers to compare them with.
OUTCOMES_ADD_UP = Check(
    "outcomes_add_up",
    "The segments of a cut add up to its customers, and their revenue to these customers' deliveries after the cut, "
    f"{KIND}, to the penny.",
    broken=f"""
        SELECT measured_on, as_of_date, horizon_days, customers, known, revenue, delivered
        FROM (
            SELECT measured_on, as_of_date, horizon_days, sum(customers) AS customers, sum(revenue) AS revenue
            FROM {SEGMENT_OUTCOMES.address} WHERE {days_of(SEGMENT_OUTCOMES)}
            GROUP BY measured_on, as_of_date, horizon_days
        ) AS counted
        JOIN (
            SELECT as_of_date, count(*) AS known FROM {CUSTOMER_SEGMENTS.address}
            WHERE as_of_date IN (SELECT as_of_date FROM {SEGMENT_OUTCOMES.address} WHERE {days_of(SEGMENT_OUTCOMES)})
            GROUP BY as_of_date
        ) AS stored USING (as_of_date)
        LEFT JOIN (
            SELECT cut.measured_on, cut.horizon_days, sum(money.Amount) AS delivered
            FROM (
                SELECT DISTINCT measured_on, as_of_date, horizon_days
                FROM {SEGMENT_OUTCOMES.address} WHERE {days_of(SEGMENT_OUTCOMES)}
            ) AS cut
            JOIN ({_MONEY}) AS money
                ON money.processing_date > cut.as_of_date AND money.processing_date <= cut.measured_on
            JOIN {CUSTOMER_SEGMENTS.address} AS placed
                ON placed.as_of_date = cut.as_of_date AND placed.CustomerID = money.CustomerID
            GROUP BY cut.measured_on, cut.horizon_days
        ) AS since USING (measured_on, horizon_days)
        WHERE customers <> known OR revenue <> coalesce(delivered, 0)""",
)

OUTCOMES_ARE_IN_RANGE = no_row_where(
    SEGMENT_OUTCOMES,
    "buyers NOT BETWEEN 0 AND customers OR datediff('day', as_of_date, measured_on) <> horizon_days "
    "OR purchase_rate NOT BETWEEN purchase_rate_low AND purchase_rate_high "
    "OR purchase_rate_low < 0 OR purchase_rate_high > 1 OR revenue_low > revenue_high",
    name="outcomes_are_in_range",
    promise="Buyers are customers, a rate is within its interval, and the horizon is between the cut and the day.",
)

EVERY_METHOD_RANKS_EVERY_CUSTOMER = Check(
    "every_method_ranks_every_customer",
    "Each method ranks all customers of a cut, and the same ones bought.",
    broken=f"""
        SELECT measured_on, as_of_date, horizon_days, method, ranked, known FROM (
            SELECT measured_on, as_of_date, horizon_days, method, customers AS ranked, buyers AS bought
            FROM {BACKTEST.address} WHERE {days_of(BACKTEST)}
        ) AS by_method
        LEFT JOIN (
            SELECT measured_on, horizon_days, sum(customers) AS known, sum(buyers) AS buyers
            FROM {SEGMENT_OUTCOMES.address} WHERE {days_of(SEGMENT_OUTCOMES)} GROUP BY measured_on, horizon_days
        ) AS counted USING (measured_on, horizon_days)
        WHERE known IS DISTINCT FROM ranked OR buyers IS DISTINCT FROM bought""",
)

MEASURES_ARE_IN_RANGE = no_row_where(
    BACKTEST,
    "spearman NOT BETWEEN -1.000001 AND 1.000001 OR auc_purchase NOT BETWEEN 0 AND 1 "
    "OR top10_share NOT BETWEEN 0 AND 1.000001 OR top20_share < top10_share - 0.000001 "
    "OR normalised_gini > 1.000001 OR datediff('day', as_of_date, measured_on) <> horizon_days",
    name="measures_are_in_range",
    promise="Correlations are within -1 and 1, shares within 0 and 1, and no ranking is better than a perfect one.",
)

EXPECTATIONS_ARE_IN_ORDER = no_row_where(
    EXPECTED_REVENUE,
    "overdue_customers NOT BETWEEN 0 AND customers OR revenue_at_risk < 0 "
    "OR expected_low > expected_high OR (expected_revenue IS NULL) <> (expected_low IS NULL)",
    name="expectations_are_in_order",
    promise="Overdue customers are customers, revenue at risk is not negative, and intervals have two ends.",
)

CHECKS: Mapping[Table, Sequence[Check]] = {
    SEGMENT_OUTCOMES: (OUTCOMES_ADD_UP, OUTCOMES_ARE_IN_RANGE),
    BACKTEST: (EVERY_METHOD_RANKS_EVERY_CUSTOMER, MEASURES_ARE_IN_RANGE),
    EXPECTED_REVENUE: (EXPECTATIONS_ARE_IN_ORDER,),
}
