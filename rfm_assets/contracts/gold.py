"""Gold: each customer as of each day, and what marketing reads."""

from rfm_assets.config import in_force
from rfm_assets.contracts.table import Column, Table

_SEGMENTS = in_force.segments()
KIND = _SEGMENTS.monetary
_OFF = "less returns, and may be below zero" if _SEGMENTS.is_net else "returns are not deducted"
_ORDERS = "Invoices so far that were not returned in full" if _SEGMENTS.is_net else "Invoices so far"

_AS_OF = Column("as_of_date", "DATE", "The day that the row describes; later deliveries do not count.", nullable=False)
_CUSTOMER = Column("CustomerID", "VARCHAR", "The customer.", nullable=False)
_RECENCY = Column(
    "Recency", "INTEGER", "Days from the last purchase to the as-of date, never below zero.", nullable=False
)
FREQUENCY = Column("Frequency", "BIGINT", f"{_ORDERS}.", nullable=False)
MONETARY = Column(
    "Monetary", "DECIMAL(31,2)", f"Money spent so far, {KIND}: {_OFF}. In the source's currency.", nullable=False
)

CUSTOMER_MONEY = Table(
    "gold.customer_money",
    "What each customer seen so far has spent, returned and kept, as of each day.",
    (
        _AS_OF,
        _CUSTOMER,
        Column("Gross", "DECIMAL(31,2)", "Money spent so far on products.", nullable=False),
        Column(
            "Returned",
            "DECIMAL(31,2)",
            "Value of the products returned so far, whether or not their order is known.",
            nullable=False,
        ),
        Column("Net", "DECIMAL(31,2)", "Gross less Returned; may be below zero.", nullable=False),
        Column("Return_Rate", "DOUBLE", "Returned as a share of Gross, 0.1 for a tenth; empty where Gross is zero."),
        Column("Orders", "BIGINT", "Invoices so far.", nullable=False),
        Column(
            "Orders_Kept",
            "BIGINT",
            "Orders of which some units and some money were kept. A later delivery makes an order count again.",
            nullable=False,
        ),
    ),
    key=("as_of_date", "CustomerID"),
)

CUSTOMER_RFM = Table(
    "gold.customer_rfm",
    "Recency, frequency and monetary value of each customer seen so far, as of each day.",
    (
        _AS_OF,
        _CUSTOMER,
        Column("MaxInvoiceDate", "DATE", "Day of the last purchase, returned or not.", nullable=False),
        _RECENCY,
        FREQUENCY,
        MONETARY,
    ),
    key=("as_of_date", "CustomerID"),
)

SEGMENT_THRESHOLDS = Table(
    "gold.segment_thresholds",
    "The medians that divide that day's customers into segments, one row per day.",
    (
        _AS_OF,
        Column("median_monetary", "DOUBLE", f"Half of the customers spent more than this, {KIND}.", nullable=False),
        Column("median_frequency", "DOUBLE", "Half of the customers ordered more often than this.", nullable=False),
        Column(
            "median_recency", "DOUBLE", "Half of the customers bought longer ago than this, in days.", nullable=False
        ),
        Column("customers", "BIGINT", "Customers seen so far.", nullable=False),
        Column(
            "policy",
            "VARCHAR",
            "Hash of the shop file's section [segments] that divided the day; empty for days made before this column "
            "existed.",
        ),
    ),
    key=("as_of_date",),
)

CUSTOMER_SEGMENTS = Table(
    "gold.customer_segments",
    "Every customer in exactly one of twelve segments, as of each day, with a recommendation.",
    (
        _AS_OF,
        _CUSTOMER,
        _RECENCY,
        FREQUENCY,
        MONETARY,
        Column("value_tier", "VARCHAR", "High, Growing or Base Value: Monetary against its median.", nullable=False),
        Column("engagement_status", "VARCHAR", "Recency and frequency against the medians.", nullable=False),
        Column("segment", "VARCHAR", "value_tier - engagement_status.", nullable=False),
        Column("recommendation", "VARCHAR", "What marketing can do for the segment.", nullable=False),
    ),
    key=("as_of_date", "CustomerID"),
)

SEGMENT_SUMMARY = Table(
    "gold.segment_summary",
    "Size, averages and revenue of each segment that has customers, as of each day.",
    (
        _AS_OF,
        Column("Segment", "VARCHAR", "The segment.", nullable=False),
        Column("recommendation", "VARCHAR", "What marketing can do for it.", nullable=False),
        Column("Customer_Count", "BIGINT", "Customers in it.", nullable=False),
        Column("Avg_Monetary", "DECIMAL(31,2)", f"Mean money spent, {KIND}.", nullable=False),
        Column("Med_Monetary", "DECIMAL(31,2)", f"Median money spent, {KIND}.", nullable=False),
        Column("Avg_Frequency", "DECIMAL(18,2)", "Mean invoices.", nullable=False),
        Column("Med_Frequency", "DECIMAL(18,2)", "Median invoices.", nullable=False),
        Column("Avg_Recency", "DECIMAL(18,2)", "Mean days since the last purchase.", nullable=False),
        Column("Med_Recency", "DECIMAL(18,2)", "Median days since the last purchase.", nullable=False),
        Column("Total_Revenue", "DECIMAL(38,2)", f"Money spent by its customers so far, {KIND}.", nullable=False),
        Column("Pct_of_Customers", "DECIMAL(5,2)", "Share of all customers, in percent.", nullable=False),
        Column("Pct_of_Revenue", "DECIMAL(5,2)", "Share of all revenue, in percent.", nullable=False),
    ),
    key=("as_of_date", "Segment"),
)

SEGMENT_MIGRATION = Table(
    "gold.segment_migration",
    "Customers by earlier and current segment, and what moved them. Each day is compared with one, 7 and 30 days "
    "earlier, if that day is stored.",
    (
        _AS_OF,
        Column("compared_to", "DATE", "The earlier day.", nullable=False),
        Column(
            "from_segment", "VARCHAR", "The segment then; New customer for customers not seen by then.", nullable=False
        ),
        Column("to_segment", "VARCHAR", "The segment on the as-of date.", nullable=False),
        Column("Customer_Count", "BIGINT", "Customers who made this move, or stayed.", nullable=False),
        Column("Monetary", "DECIMAL(38,2)", f"What they have spent up to the as-of date, {KIND}.", nullable=False),
        Column("purchased", "BIGINT", "Movers with new or late deliveries since.", nullable=False),
        Column(
            "aged", "BIGINT", "Other movers whose values now fall elsewhere by the earlier medians.", nullable=False
        ),
        Column("threshold", "BIGINT", "All other movers: only the medians have changed.", nullable=False),
    ),
    key=("as_of_date", "compared_to", "from_segment", "to_segment"),
)

CUSTOMER_SCORES = Table(
    "gold.customer_scores",
    "How each customer ranks, and when the next order is due, as of each day.",
    (
        _AS_OF,
        _CUSTOMER,
        Column("R_Score", "INTEGER", "1 to 5 by Recency; 5 is the fifth that bought most recently.", nullable=False),
        Column("F_Score", "INTEGER", "1 to 5 by Frequency; 5 is the fifth that ordered most.", nullable=False),
        Column("M_Score", "INTEGER", "1 to 5 by Monetary; 5 is the fifth that spent most.", nullable=False),
        Column("RFM_Name", "VARCHAR", "The well-known name of the three scores, such as Champions.", nullable=False),
        Column(
            "Value_Score",
            "DOUBLE",
            f"Root of each invoice's amount, {KIND}, fading with its age: the sum of sqrt(amount) x exp(-days / 200).",
            nullable=False,
        ),
        Column(
            "Value_Rank",
            "DOUBLE",
            "Share of the day's customers with a lower Value_Score, ties and the customer counted half.",
            nullable=False,
        ),
        Column(
            "Next_Order_Due",
            "DATE",
            "Last purchase plus Typical_Gap_Days; empty while nobody has bought on two days.",
        ),
        Column(
            "Overdue",
            "BOOLEAN",
            "Whether the last purchase is longer ago than four fifths of the customer's gaps; with fewer than three "
            "gaps, the shop's gaps count as three more.",
            nullable=False,
        ),
        Column(
            "Typical_Gap_Days",
            "DOUBLE",
            "Median days between purchase days: the customer's own from three gaps on, else shrunk towards the shop's.",
        ),
    ),
    key=("as_of_date", "CustomerID"),
)
