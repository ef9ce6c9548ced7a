"""Proof: what segments and scores said at a month's end, and what customers then did."""

from rfm_assets.contracts.gold import KIND
from rfm_assets.contracts.table import Column, Table

_MEASURED_ON = Column("measured_on", "DATE", "The day the horizon ended: as_of_date and horizon_days.", nullable=False)
_CUT = Column("as_of_date", "DATE", "The cut, a month's end: the last day that a method may see.", nullable=False)
_HORIZON = Column("horizon_days", "INTEGER", "Days looked ahead: 30, 90 or 365.", nullable=False)
_CUSTOMERS = Column("customers", "BIGINT", "Customers known at the cut.", nullable=False)
_BUYERS = Column("buyers", "BIGINT", "Those who bought anything within the horizon.", nullable=False)

SEGMENT_OUTCOMES = Table(
    "proof.segment_outcomes",
    "What became of each segment of a month's end: how many customers bought within the horizon, and what they spent.",
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
        Column("lift", "DOUBLE", "Revenue for each customer, against that of all customers; empty when none bought."),
    ),
    key=("measured_on", "as_of_date", "horizon_days", "segment"),
)

BACKTEST = Table(
    "proof.backtest",
    "How well each way to rank customers at a month's end foretold what they spent within the horizon.",
    (
        _MEASURED_ON,
        _CUT,
        _HORIZON,
        Column(
            "method",
            "VARCHAR",
            "Segment (by the means of earlier horizons), Quintile sum (R + F + M), Recency, Frequency, Monetary, "
            "Value_Score, or Overdue (those who are not come first).",
            nullable=False,
        ),
        _CUSTOMERS,
        _BUYERS,
        Column("spearman", "DOUBLE", "Rank correlation of score and spending; empty where either is all alike."),
        Column("auc_purchase", "DOUBLE", "Chance that a buyer scores higher than who did not buy; ties count half."),
        Column("top10_share", "DOUBLE", "Share of the revenue that the best-ranked tenth of customers brought."),
        Column("top20_share", "DOUBLE", "The same of the best-ranked fifth."),
        Column("normalised_gini", "DOUBLE", "Gini of the gain curve against that of a perfect ranking; 0 is chance."),
    ),
    key=("measured_on", "as_of_date", "horizon_days", "method"),
)

EXPECTED_REVENUE = Table(
    "proof.expected_revenue",
    "What each segment is expected to spend in the next 30 days, and what its overdue customers put at risk.",
    (
        Column("as_of_date", "DATE", "The day the row describes; later deliveries are not in it.", nullable=False),
        Column("segment", "VARCHAR", "The segment.", nullable=False),
        Column("customers", "BIGINT", "Customers in it.", nullable=False),
        Column(
            "expected_revenue",
            "DECIMAL(38,2)",
            "Their revenue of the next 30 days, if each spends as the segment's did in the newest 30 days measured; "
            "empty while none have been.",
        ),
        Column("expected_low", "DECIMAL(38,2)", "The same with the lower end of that revenue's interval."),
        Column("expected_high", "DECIMAL(38,2)", "The same with the upper end."),
        Column("overdue_customers", "BIGINT", "Those who are late by their own rhythm.", nullable=False),
        Column(
            "revenue_at_risk",
            "DECIMAL(38,2)",
            "What overdue customers with two or more orders would spend in 30 days by their own history: their mean "
            "order each typical gap.",
            nullable=False,
        ),
    ),
    key=("as_of_date", "segment"),
)
