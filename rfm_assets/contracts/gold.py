"""Gold: each customer as of each day, and what marketing reads."""

from rfm_assets.contracts.table import Column, Table

_AS_OF = Column("as_of_date", "DATE", "The day the row describes; later deliveries are not in it.", nullable=False)
_CUSTOMER = Column("CustomerID", "VARCHAR", "The customer.", nullable=False)
_RECENCY = Column(
    "Recency", "INTEGER", "Days from the last purchase to the as-of date, never below zero.", nullable=False
)
_FREQUENCY = Column("Frequency", "BIGINT", "Invoices so far.", nullable=False)
_MONETARY = Column("Monetary", "DECIMAL(31,2)", "Money spent so far, in the source's currency.", nullable=False)

CUSTOMER_RFM = Table(
    "gold.customer_rfm",
    "Recency, frequency and monetary value of each customer seen so far, as of each day.",
    (
        _AS_OF,
        _CUSTOMER,
        Column("MaxInvoiceDate", "DATE", "Day of the last purchase.", nullable=False),
        _RECENCY,
        _FREQUENCY,
        _MONETARY,
    ),
    key=("as_of_date", "CustomerID"),
)

SEGMENT_THRESHOLDS = Table(
    "gold.segment_thresholds",
    "The medians that divide that day's customers into segments, one row per day.",
    (
        _AS_OF,
        Column("median_monetary", "DOUBLE", "Half of the customers spent more than this.", nullable=False),
        Column("median_frequency", "DOUBLE", "Half of the customers ordered more often than this.", nullable=False),
        Column(
            "median_recency", "DOUBLE", "Half of the customers bought longer ago than this, in days.", nullable=False
        ),
        Column("customers", "BIGINT", "Customers seen so far.", nullable=False),
        Column(
            "policy",
            "VARCHAR",
            "The hash of section [segments] of the shop file by which the day is divided; empty for days made before "
            "there was one.",
        ),
    ),
    key=("as_of_date",),
)

CUSTOMER_SEGMENTS = Table(
    "gold.customer_segments",
    "Every customer in exactly one of twelve segments, as of each day, with what to do about it.",
    (
        _AS_OF,
        _CUSTOMER,
        _RECENCY,
        _FREQUENCY,
        _MONETARY,
        Column("value_tier", "VARCHAR", "High, Growing or Base Value: spending against the median.", nullable=False),
        Column("engagement_status", "VARCHAR", "Recency and frequency against the medians.", nullable=False),
        Column("segment", "VARCHAR", "value_tier - engagement_status.", nullable=False),
        Column("recommendation", "VARCHAR", "What marketing may do for the segment.", nullable=False),
    ),
    key=("as_of_date", "CustomerID"),
)

SEGMENT_SUMMARY = Table(
    "gold.segment_summary",
    "Size, averages and revenue of each segment that has customers, as of each day.",
    (
        _AS_OF,
        Column("Segment", "VARCHAR", "The segment.", nullable=False),
        Column("recommendation", "VARCHAR", "What marketing may do for it.", nullable=False),
        Column("Customer_Count", "BIGINT", "Customers in it.", nullable=False),
        Column("Avg_Monetary", "DECIMAL(31,2)", "Mean money spent.", nullable=False),
        Column("Med_Monetary", "DECIMAL(31,2)", "Median money spent.", nullable=False),
        Column("Avg_Frequency", "DECIMAL(18,2)", "Mean invoices.", nullable=False),
        Column("Med_Frequency", "DECIMAL(18,2)", "Median invoices.", nullable=False),
        Column("Avg_Recency", "DECIMAL(18,2)", "Mean days since the last purchase.", nullable=False),
        Column("Med_Recency", "DECIMAL(18,2)", "Median days since the last purchase.", nullable=False),
        Column("Total_Revenue", "DECIMAL(38,2)", "Money spent by its customers so far.", nullable=False),
        Column("Pct_of_Customers", "DECIMAL(5,2)", "Share of all customers, in percent.", nullable=False),
        Column("Pct_of_Revenue", "DECIMAL(5,2)", "Share of all revenue, in percent.", nullable=False),
    ),
    key=("as_of_date", "Segment"),
)

SEGMENT_MIGRATION = Table(
    "gold.segment_migration",
    "Customers by the segment they were in on an earlier day and the one they are in, and what moved them. Days are "
    "compared with one, 7 and 30 days earlier, where that day is stored.",
    (
        _AS_OF,
        Column("compared_to", "DATE", "The earlier day.", nullable=False),
        Column("from_segment", "VARCHAR", "The segment then; New customer for those not seen by then.", nullable=False),
        Column("to_segment", "VARCHAR", "The segment on the as-of date.", nullable=False),
        Column("Customer_Count", "BIGINT", "Customers who went this way, or stayed.", nullable=False),
        Column("Monetary", "DECIMAL(38,2)", "What they have spent up to the as-of date.", nullable=False),
        Column("purchased", "BIGINT", "Movers of whom something was delivered since, new or late.", nullable=False),
        Column(
            "aged", "BIGINT", "Other movers whom the medians of then put elsewhere by today's values.", nullable=False
        ),
        Column("threshold", "BIGINT", "Other movers: nothing but the medians has changed.", nullable=False),
    ),
    key=("as_of_date", "compared_to", "from_segment", "to_segment"),
)
