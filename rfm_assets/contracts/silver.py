"""Silver: typed and valid rows, the rows refused and why, and what each day adds to customers and to revenue."""

from rfm_assets.config import in_force
from rfm_assets.config.words import cancellations, invoice_numbers, totals
from rfm_assets.contracts import bronze
from rfm_assets.contracts.table import Column, Table

_RULES = in_force.rules()
_ORDER = Column(
    "InvoiceNo",
    "VARCHAR",
    "The order: its invoice number, with (2) behind it where a number is used for the second time; a later day may "
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
            f"Invoice number, {invoice_numbers(_RULES)}, without blanks around it.",
            nullable=False,
        ),
        Column("StockCode", "VARCHAR", "Product code, without blanks around it.", nullable=False),
        Column("Description", "VARCHAR", "Product text."),
        Column("Quantity", "INTEGER", "Units sold, more than zero.", nullable=False),
        Column("UnitPrice", "DECIMAL(10,2)", "Price of one unit, half pennies rounded up.", nullable=False),
        Column(
            "CustomerID",
            "VARCHAR",
            "Customer number without blanks around it and a trailing .0; empty for an anonymous sale.",
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
            f"LineAmount where there is one, else {totals(_RULES)}.",
            nullable=False,
        ),
        Column("Year", "INTEGER", "Year of InvoiceDate.", nullable=False),
        Column("Month", "INTEGER", "Month of InvoiceDate, 1 to 12.", nullable=False),
        Column("DayOfWeek", "INTEGER", "Weekday of InvoiceDate, 1 = Sunday to 7 = Saturday.", nullable=False),
        Column("SurrogateKey", "VARCHAR", "InvoiceNo_StockCode_Quantity; not unique.", nullable=False),
        Column("LineAmount", "DECIMAL(18,2)", "Total of the line where its file has one, half pennies rounded up."),
        Column(
            "ExactUnitPrice",
            "DECIMAL(18,6)",
            "Price of one unit with the digits delivered, six decimals at most; empty for days made before it.",
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
    "What each delivered day adds to revenue: one row per invoice, customer and country, all sales but cancellations.",
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
            "The part of it that RFM counts: products for a known customer. Empty where there are none.",
        ),
    ),
    key=("processing_date", "InvoiceNo", "CustomerID", "Country"),
)

RETURNS = Table(
    "silver.returns",
    "The lines that take something back, with the order that each takes it from where that can be known: the latest "
    "one of the customer and product that is not dated after the return, was delivered by its day, and has as many "
    "units; a refund takes back the one of them that its number ends in. Lines refused for their quantity are in "
    "silver.rejected_transactions, too.",
    (
        Column("processing_date", "DATE", "The day in the file's name.", nullable=False),
        Column("InvoiceNo", "VARCHAR", "The number of the return itself.", nullable=False),
        Column("StockCode", "VARCHAR", "Product code.", nullable=False),
        Column("CustomerID", "VARCHAR", "The customer; empty for an anonymous return."),
        Column("InvoiceDate", "DATE", "Day of the return.", nullable=False),
        Column("Quantity", "BIGINT", "Units that came back, more than zero.", nullable=False),
        Column("Amount", "DECIMAL(21,2)", "What they are worth, zero or more.", nullable=False),
        Column(
            "Kind",
            "VARCHAR",
            "refund: a cancellation that came with its own total, below zero, as exports have them; cancellation: "
            f"another one, its number is {cancellations(_RULES)}; negative quantity: any other.",
            nullable=False,
        ),
        Column(
            "CountsForCustomer",
            "BOOLEAN",
            "Whether it is taken off a customer's money: a product, and the customer is known.",
            nullable=False,
        ),
        Column("IsMatched", "BOOLEAN", "Whether its order is known. It counts in either case.", nullable=False),
        Column("TakesBack", "VARCHAR", "The order that it takes from, as in silver.invoices."),
        Column("SoldOn", "DATE", "Day of that invoice."),
        Column("SoldQuantity", "BIGINT", "Units of the product that the invoice had by the day of the return."),
        Column("SoldAmount", "DECIMAL(31,2)", "What these were sold for."),
        Column("OrderQuantity", "BIGINT", "Units of all the invoice's products that count, by the day of the return."),
        Column("OrderAmount", "DECIMAL(31,2)", "What these were sold for."),
        Column("source_file", "VARCHAR", "The file's path inside the landing zone.", nullable=False),
    ),
)

FILE_OUTCOMES = Table(
    "silver.file_outcomes",
    "One row per delivered day and file: what became of its lines. Days of before this table have none.",
    (
        Column("processing_date", "DATE", "The day in the file's name.", nullable=False),
        Column("source_file", "VARCHAR", "The file's path inside the landing zone.", nullable=False),
        Column("lines", "BIGINT", "Lines delivered.", nullable=False),
        Column(
            "failing_lines",
            "BIGINT",
            "Lines that fail a rule or could not be split into columns, returns and repeated lines apart.",
            nullable=False,
        ),
        Column("returns", "BIGINT", "Cancellations whose one fault is a quantity below zero.", nullable=False),
        Column(
            "known_customer_sales", "BIGINT", "Valid lines, cancellations apart, that name a customer.", nullable=False
        ),
        Column("known_customer_revenue", "DECIMAL(31,2)", "Sum of their TotalPrice.", nullable=False),
        Column("counted_sales", "BIGINT", "Those of them that RFM counts: products.", nullable=False),
        Column("counted_revenue", "DECIMAL(31,2)", "Sum of their TotalPrice.", nullable=False),
        Column(
            "repeated_lines",
            "BIGINT",
            "Lines left out since another file has them all, by contained = skip; empty for days made before it.",
        ),
    ),
    key=("processing_date", "source_file"),
)
