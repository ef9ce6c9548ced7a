"""Bronze: what the source delivered, as text."""

from rfm_assets.contracts.table import Column, Table

# Required columns of a daily file: the name in its header, and the name in the warehouse.
SOURCE_COLUMNS = {
    "Invoice": "Invoice",
    "StockCode": "StockCode",
    "Description": "Description",
    "Quantity": "Quantity",
    "Price": "Price",
    "Customer ID": "CustomerID",
    "Country": "Country",
    "InvoiceDate": "InvoiceDate",
}

# Optional columns, with the same names in the warehouse.
OPTIONAL_SOURCE_COLUMNS = ("LineAmount", "Currency", "SourceRecord")

TRANSACTIONS = Table(
    "bronze.transactions",
    "Every line of every daily file exactly once, as delivered.",
    (
        Column("Invoice", "VARCHAR", "Invoice number as delivered; C followed by digits only is a cancellation."),
        Column("StockCode", "VARCHAR", "Product code as delivered."),
        Column("Description", "VARCHAR", "Product text as delivered, spaces included."),
        Column("Quantity", "VARCHAR", "Units sold as delivered; negative for a return."),
        Column("Price", "VARCHAR", "Price of one unit as delivered."),
        Column("CustomerID", "VARCHAR", "Customer number as delivered (the file's Customer ID), such as 13085.0."),
        Column("Country", "VARCHAR", "Country as delivered."),
        Column("InvoiceDate", "VARCHAR", "Day of the invoice as delivered."),
        Column("_rescued_data", "VARCHAR", "The raw line if it could not be split into columns, else empty."),
        Column("source_file", "VARCHAR", "The file's path inside the landing zone.", nullable=False),
        Column("ingestion_timestamp", "TIMESTAMP", "When the pipeline read the line (UTC).", nullable=False),
        Column("processing_date", "DATE", "The day in the file's name.", nullable=False),
        # Last, where an upgraded warehouse has them, too.
        Column("LineAmount", "VARCHAR", "Total of the line as delivered, if it is not Quantity times Price."),
        Column("Currency", "VARCHAR", "Currency of the line's prices as delivered."),
        Column("SourceRecord", "VARCHAR", "The export and record that the line comes from, as delivered."),
    ),
)

LANDED_FILES = Table(
    "bronze.landed_files",
    "The ledger: which version of which file each day holds.",
    (
        Column("processing_date", "DATE", "The day in the file's name.", nullable=False),
        Column("source_file", "VARCHAR", "The file's path inside the landing zone.", nullable=False),
        Column("size_bytes", "BIGINT", "Its size as delivered.", nullable=False),
        Column("version", "VARCHAR", "What changes when its bytes do: a digest, or the object's ETag.", nullable=False),
        Column("rows", "BIGINT", "Its lines in bronze.", nullable=False),
        Column("malformed_rows", "BIGINT", "Lines among them that could not be split into columns.", nullable=False),
        Column("first_seen", "TIMESTAMP", "When a file of this path was first loaded (UTC).", nullable=False),
        Column("loaded_at", "TIMESTAMP", "When this version was last loaded (UTC).", nullable=False),
        Column("content_digest", "VARCHAR", "SHA-256 of its uncompressed text; empty if an older version loaded it."),
        Column("duplicate_of", "VARCHAR", "The file with the same text that is loaded in its place, else empty."),
    ),
    key=("processing_date", "source_file"),
)

UNLOADED_FILES = Table(
    "bronze.unloaded_files",
    "The files missing from a day's rows: refused files, and files whose lines were removed.",
    (
        Column("processing_date", "DATE", "The day in the file's name.", nullable=False),
        Column("source_file", "VARCHAR", "The file's path inside the landing zone.", nullable=False),
        Column("version", "VARCHAR", "The version that was refused, or held before its removal; empty if unknown."),
        Column(
            "outcome",
            "VARCHAR",
            "refused, or removed: it was loaded once, and is gone from the landing zone.",
            nullable=False,
        ),
        Column("reason", "VARCHAR", "Why its lines are not in bronze.", nullable=False),
        Column(
            "encoding",
            "VARCHAR",
            "The RFM_ENCODING then; a refused file may be readable under another.",
            nullable=False,
        ),
        Column("noted_at", "TIMESTAMP", "When this was found (UTC).", nullable=False),
    ),
    key=("processing_date", "source_file"),
)
