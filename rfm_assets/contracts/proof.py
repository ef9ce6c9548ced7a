"""Proof: what segments and scores predicted at a month's end, and what customers then did."""

from rfm_assets.contracts.gold import KIND
from rfm_assets.contracts.table import Column, Table

_MEASURED_ON = Column("measured_on", "DATE", "The day the horizon ended: as_of_date plus horizon_days.", nullable=False)
_CUT = Column("as_of_date", "DATE", "The cut, a month's end: the last day that a method may see.", nullable=False)
_HORIZON = Column("horizon_days", "INTEGER", "Days looked ahead: 30, 90 or 365.", nullable=False)
_CUSTOMERS = Column("customers", "BIGINT", "Customers known at the cut.", nullable=False)
_BUYERS = Column("buyers", "BIGINT", "Customers who bought anything within the horizon.", nullable=False)

SEGMENT_OUTCOMES = Table(
    "proof.segment_outcomes",
    "What each segment of a month's end did next: how many customers bought within the horizon, and what they spent.",
    (
        _MEASURED_ON,
        _CUT,
        _HORIZON,
        Column("segment", "VARCHAR", "The segment at the cut.", nullable=False),
        _CUSTOMERS,
        _BUYERS,
        Column("purchase_rate", "DOUBLE", "Share of the customers who bought.", nullable=False),
        Column("purchase_rate_low", "DOUBLE", "Lower end of the rate's 95 % interval (Wilson).", nullable=False),
        Column("purchase_rate_high", "DOUBLE", "Upper end of it.", nullable=False),
        Column("revenue", "DECIMAL(38,2)", f"What they spent within the horizon, {KIND}.", nullable=False),
        Column("revenue_low", "DECIMAL(38,2)", "Lower end of its 95 % interval (bootstrap).", nullable=False),
        Column("revenue_high", "DECIMAL(38,2)", "Upper end of it.", nullable=False),
        Column("lift", "DOUBLE", "Revenue per customer, relative to that of all customers; empty if none bought."),
    ),
    key=("measured_on", "as_of_date", "horizon_days", "segment"),
)

BACKTEST = Table(
    "proof.backtest",
    "How well each way to rank customers at a month's end predicted their spending within the horizon.",
    (
        _MEASURED_ON,
        _CUT,
        _HORIZON,
        Column(
            "method",
            "VARCHAR",
            "Segment (by the means of earlier horizons), Quintile sum (R + F + M), Recency, Frequency, Monetary, "
            "Value_Score, or Overdue (customers who are not overdue come first).",
            nullable=False,
        ),
        _CUSTOMERS,
        _BUYERS,
        Column("spearman", "DOUBLE", "Rank correlation of score and spending; empty if either is constant."),
        Column("auc_purchase", "DOUBLE", "Chance that a buyer scores higher than a non-buyer; ties count half."),
        Column("top10_share", "DOUBLE", "Share of the revenue from the best-ranked tenth of customers."),
        Column("top20_share", "DOUBLE", "The same for the best-ranked fifth."),
        Column("normalised_gini", "DOUBLE", "Gini of the gain curve relative to a perfect ranking; 0 is chance."),
    ),
    key=("measured_on", "as_of_date", "horizon_days", "method"),
)

EXPECTED_REVENUE = Table(
    "proof.expected_revenue",
    "What each segment is expected to spend in the next 30 days, and the revenue at risk from overdue customers.",
    (
        Column("as_of_date", "DATE", "The day that the row describes; later deliveries do not count.", nullable=False),
        Column("segment", "VARCHAR", "The segment.", nullable=False),
        Column("customers", "BIGINT", "Customers in it.", nullable=False),
        Column(
            "expected_revenue",
            "DECIMAL(38,2)",
            "Their revenue in the next 30 days, if each spends as the segment's customers did in the latest 30 days "
            "measured; empty until 30 days are measured.",
        ),
        Column("expected_low", "DECIMAL(38,2)", "The same with the lower end of that revenue's interval."),
        Column("expected_high", "DECIMAL(38,2)", "The same with the upper end."),
        Column("overdue_customers", "BIGINT", "Customers who are late by their own rhythm.", nullable=False),
        Column(
            "revenue_at_risk",
            "DECIMAL(38,2)",
            "What overdue customers with two or more orders would spend in 30 days by their own history: one mean "
            "order per typical gap.",
            nullable=False,
        ),
    ),
    key=("as_of_date", "segment"),
)
