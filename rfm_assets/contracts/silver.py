"""Silver: valid typed rows, refused rows with reasons, and what each day adds to customers and to revenue."""

from rfm_assets.config import in_force
from rfm_assets.config.words import cancellations, invoice_numbers, totals
from rfm_assets.contracts import bronze
from rfm_assets.contracts.table import Column, Table

_RULES = in_force.rules()
_ORDER = Column(
    "InvoiceNo",
    "VARCHAR",
    "The order: its invoice number, followed by (2) if the number is used for the second time; a later day may "
    "deliver more of it.",
    nullable=False,
)

TRANSACTIONS = Table(
    "silver.transactions",
    "The transaction lines that pass all rules, typed. Exact duplicates in the source are kept.",
    (
        Column(
            "InvoiceNo",
            "VARCHAR",
            f"Invoice number, {invoice_numbers(_RULES)}, trimmed.",
            nullable=False,
        ),
        Column("StockCode", "VARCHAR", "Product code, trimmed.", nullable=False),
        Column("Description", "VARCHAR", "Product text."),
        Column("Quantity", "INTEGER", "Units sold, more than zero.", nullable=False),
        Column("UnitPrice", "DECIMAL(10,2)", "Price of one unit, half pennies rounded up.", nullable=False),
        Column(
            "CustomerID",
            "VARCHAR",
            "Customer number, trimmed, without a trailing .0; empty for an anonymous sale.",
        ),
        Column("Country", "VARCHAR", "Country of the customer."),
        Column(
            "InvoiceDate",
            "DATE",
            f"Day of the invoice, {_RULES.first_invoice_date.year} or later, its time of day dropped.",
            nullable=False,
        ),
        Column("ingestion_timestamp", "TIMESTAMP", "When the pipeline read the line (UTC).", nullable=False),
        Column("source_file", "VARCHAR", "The file's path inside the landing zone.", nullable=False),
        Column("processing_date", "DATE", "The day in the file's name.", nullable=False),
        Column("IsCancellation", "BOOLEAN", f"Whether the invoice number is {cancellations(_RULES)}.", nullable=False),
        Column(
            "TotalPrice",
            "DECIMAL(21,2)",
            f"LineAmount if there is one, else {totals(_RULES)}.",
            nullable=False,
        ),
        Column("Year", "INTEGER", "Year of InvoiceDate.", nullable=False),
        Column("Month", "INTEGER", "Month of InvoiceDate, 1 to 12.", nullable=False),
        Column("DayOfWeek", "INTEGER", "Weekday of InvoiceDate, 1 = Sunday to 7 = Saturday.", nullable=False),
        Column("SurrogateKey", "VARCHAR", "InvoiceNo_StockCode_Quantity; not unique.", nullable=False),
        Column("LineAmount", "DECIMAL(18,2)", "Total of the line if its file has one, half pennies rounded up."),
        Column(
            "ExactUnitPrice",
            "DECIMAL(18,6)",
            "Price of one unit as delivered, six decimals at most; empty for days made before this column existed.",
        ),
    ),
)

REJECTED_TRANSACTIONS = Table(
    "silver.rejected_transactions",
    "Every bronze row that silver refused, as delivered, with all the rules it fails.",
    (
        *bronze.TRANSACTIONS.columns,
        Column(
            "failed_rules", "VARCHAR", "All rules the row fails, or malformed_line; comma-separated.", nullable=False
        ),
    ),
)

CUSTOMER_INVOICES = Table(
    "silver.customer_invoices",
    "What each delivered day adds to each customer: one row per customer and invoice, product sales only.",
    (
        Column("processing_date", "DATE", "The day that delivered the lines.", nullable=False),
        Column("CustomerID", "VARCHAR", "The customer.", nullable=False),
        _ORDER,
        Column("InvoiceDate", "DATE", "The latest invoice date among its lines.", nullable=False),
        Column("Amount", "DECIMAL(31,2)", "Sum of the lines' TotalPrice.", nullable=False),
    ),
    key=("processing_date", "CustomerID", "InvoiceNo"),
)

INVOICES = Table(
    "silver.invoices",
    "What each delivered day adds to revenue: one row per invoice, customer and country; no cancellations.",
    (
        Column("processing_date", "DATE", "The day that delivered the lines.", nullable=False),
        _ORDER,
        Column("CustomerID", "VARCHAR", "The customer; empty for an anonymous sale."),
        Column("Country", "VARCHAR", "Country of the customer."),
        Column("InvoiceDate", "DATE", "The latest invoice date among its lines.", nullable=False),
        Column("Amount", "DECIMAL(31,2)", "Sum of the lines' TotalPrice.", nullable=False),
        Column(
            "ProductAmount",
            "DECIMAL(31,2)",
            "The part that RFM counts: products for a known customer. Empty if there are none.",
        ),
    ),
    key=("processing_date", "InvoiceNo", "CustomerID", "Country"),
)

RETURNS = Table(
    "silver.returns",
    "Return lines, each with the order that it takes back, if known: the customer's latest order of the product that "
    "is not dated after the return, was delivered by the return's day, and has enough units; a refund takes back the "
    "order that its number ends in. Lines refused for their quantity are in silver.rejected_transactions, too.",
    (
        Column("processing_date", "DATE", "The day in the file's name.", nullable=False),
        Column("InvoiceNo", "VARCHAR", "The number of the return itself.", nullable=False),
        Column("StockCode", "VARCHAR", "Product code.", nullable=False),
        Column("CustomerID", "VARCHAR", "The customer; empty for an anonymous return."),
        Column("InvoiceDate", "DATE", "Day of the return.", nullable=False),
        Column("Quantity", "BIGINT", "Units returned, more than zero.", nullable=False),
        Column("Amount", "DECIMAL(21,2)", "Their value, zero or more.", nullable=False),
        Column(
            "Kind",
            "VARCHAR",
            "refund: a cancellation with its own total below zero, as in exports; cancellation: any other whose "
            f"number is {cancellations(_RULES)}; negative quantity: all the rest.",
            nullable=False,
        ),
        Column(
            "CountsForCustomer",
            "BOOLEAN",
            "Whether it is deducted from a customer's money: a product, and the customer is known.",
            nullable=False,
        ),
        Column("IsMatched", "BOOLEAN", "Whether its order is known. The return counts either way.", nullable=False),
        Column("TakesBack", "VARCHAR", "The order that it takes back, as in silver.invoices."),
        Column("SoldOn", "DATE", "Day of that invoice."),
        Column("SoldQuantity", "BIGINT", "Units of the product in that invoice by the day of the return."),
        Column("SoldAmount", "DECIMAL(31,2)", "What those units were sold for."),
        Column(
            "OrderQuantity", "BIGINT", "Units of all products in that invoice that count, by the day of the return."
        ),
        Column("OrderAmount", "DECIMAL(31,2)", "What those units were sold for."),
        Column("source_file", "VARCHAR", "The file's path inside the landing zone.", nullable=False),
    ),
)

FILE_OUTCOMES = Table(
    "silver.file_outcomes",
    "One row per delivered day and file: what became of its lines. Days made before this table existed have none.",
    (
        Column("processing_date", "DATE", "The day in the file's name.", nullable=False),
        Column("source_file", "VARCHAR", "The file's path inside the landing zone.", nullable=False),
        Column("lines", "BIGINT", "Lines delivered.", nullable=False),
        Column(
            "failing_lines",
            "BIGINT",
            "Lines that fail a rule or could not be split into columns, except returns and repeated lines.",
            nullable=False,
        ),
        Column("returns", "BIGINT", "Cancellations whose only fault is a quantity below zero.", nullable=False),
        Column(
            "known_customer_sales",
            "BIGINT",
            "Valid lines, without cancellations, that name a customer.",
            nullable=False,
        ),
        Column("known_customer_revenue", "DECIMAL(31,2)", "Sum of their TotalPrice.", nullable=False),
        Column("counted_sales", "BIGINT", "The ones that RFM counts: products.", nullable=False),
        Column("counted_revenue", "DECIMAL(31,2)", "Sum of their TotalPrice.", nullable=False),
        Column(
            "repeated_lines",
            "BIGINT",
            "Lines skipped by contained = skip because another file has them all; empty for older days.",
        ),
    ),
    key=("processing_date", "source_file"),
)
