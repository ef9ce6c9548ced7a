"""Quality: what was wrong with each day, counted."""

from rfm_assets.config import in_force
from rfm_assets.config.words import invoice_numbers
from rfm_assets.contracts.table import Column, Table

_RULES = in_force.rules()
_PROCESSING_DATE = Column("processing_date", "DATE", "The day in the file's name.", nullable=False)


def _count(name: str, meaning: str) -> Column:
    return Column(name, "BIGINT", meaning, nullable=False)


BRONZE_DAILY_QUALITY = Table(
    "quality.bronze_daily_quality",
    "One row per delivered day: how clean the files were before any rule.",
    (
        _PROCESSING_DATE,
        _count("total_records", "Lines delivered."),
        _count("files_processed", "Files delivered."),
        _count("distinct_invoice_date", "Different invoice dates among the lines."),
        _count("valid_records", "Lines that could be split into columns."),
        _count("null_invoices", "Lines without an invoice number."),
        _count("null_stock_codes", "Lines without a product code."),
        _count("null_customer_ids", "Lines without a customer."),
        _count("bad_quantities", "Lines with a numeric quantity of zero or less."),
        _count("bad_price", "Lines with a numeric price below zero."),
        Column(
            "rescued_data_quality_score", "DOUBLE", "Share of valid records in percent, 2 decimals.", nullable=False
        ),
        Column("created_timestamp", "TIMESTAMP", "When the row was computed (UTC).", nullable=False),
    ),
    key=("processing_date",),
)

BRONZE_SILVER_DQ_COMPARISON = Table(
    "quality.bronze_silver_dq_comparison",
    "Two rows per delivered day: the same defects counted before and after the rules.",
    (
        _PROCESSING_DATE,
        Column("table_layer", "VARCHAR", "bronze_transactions_raw or silver_transactions_clean.", nullable=False),
        _count("total_records", "Rows of the layer."),
        _count("null_invoice", "Rows without an invoice number."),
        _count("bad_invoice", f"Rows whose invoice number is not {invoice_numbers(_RULES)}."),
        _count("null_stock_code", "Rows without a product code."),
        _count("null_quantity", "Rows without a readable quantity."),
        _count("bad_quantity", "Rows whose quantity is zero or less."),
        _count("null_invoice_date", "Rows without a readable invoice date."),
        _count("bad_price", "Rows whose price is below zero."),
        _count("null_customer_id", "Rows without a customer."),
    ),
    key=("processing_date", "table_layer"),
)

DAILY_COUNTS = Table(
    "quality.daily_counts",
    "Rows per invoice date in bronze and in silver, for each delivered day.",
    (
        _PROCESSING_DATE,
        Column("table_layer", "VARCHAR", "01_bronze_transactions_raw or 02_silver_transactions_clean.", nullable=False),
        Column("invoicedate", "DATE", "The invoice date; empty if it could not be read."),
        _count("record_counts", "Rows of that invoice date."),
    ),
    key=("processing_date", "table_layer", "invoicedate"),
)

CUSTOMER_IDENTITY = Table(
    "quality.customer_identity",
    "One row per delivered day: how much is sold to unknown customers, and how many ids may belong to one person.",
    (
        _PROCESSING_DATE,
        _count("sales_lines", "Valid lines except cancellations."),
        _count("anonymous_lines", "Sales lines without a customer."),
        Column("revenue", "DECIMAL(31,2)", "Sum of the sales lines.", nullable=False),
        Column("anonymous_revenue", "DECIMAL(31,2)", "The part without a known customer.", nullable=False),
        _count("customer_ids", "Different customers among these lines."),
        _count("normalised_ids", "Different ids, as delivered, that silver rewrote."),
        _count(
            "similar_ids",
            "The day's customers whose id differs from another one seen so far only in case, leading zeros or the dots "
            "of an e-mail address: perhaps one person.",
        ),
    ),
    key=("processing_date",),
)

RULE_OUTCOMES = Table(
    "quality.rule_outcomes",
    "One row per delivered day and silver rule: how many rows passed and how many failed.",
    (
        _PROCESSING_DATE,
        Column("rule", "VARCHAR", "The rule's name.", nullable=False),
        _count("passed_records", "Well-formed lines that pass the rule."),
        _count("failed_records", "Well-formed lines that fail it; a line may fail several rules."),
    ),
    key=("processing_date", "rule"),
)
