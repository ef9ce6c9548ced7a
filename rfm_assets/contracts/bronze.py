"""Bronze: what the source delivered, as text."""

from rfm_assets.contracts.table import Column, Table

# The columns a daily file must have, as its header writes them, and the name each has in the warehouse.
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

TRANSACTIONS = Table(
    "bronze.transactions",
    "Every line of every daily file exactly once, as delivered.",
    (
        Column("Invoice", "VARCHAR", "Invoice number as delivered; a leading C marks a cancellation."),
        Column("StockCode", "VARCHAR", "Product code as delivered."),
        Column("Description", "VARCHAR", "Product text as delivered, spaces included."),
        Column("Quantity", "VARCHAR", "Units sold as delivered; negative for a return."),
        Column("Price", "VARCHAR", "Price of one unit as delivered."),
        Column("CustomerID", "VARCHAR", "Customer number as delivered (the file's Customer ID), such as 13085.0."),
        Column("Country", "VARCHAR", "Country as delivered."),
        Column("InvoiceDate", "VARCHAR", "Day of the invoice as delivered."),
        Column("_rescued_data", "VARCHAR", "The raw line where it could not be split into columns, else empty."),
        Column("source_file", "VARCHAR", "The file's path inside the landing zone.", nullable=False),
        Column("ingestion_timestamp", "TIMESTAMP", "When the pipeline read the line (UTC).", nullable=False),
        Column("processing_date", "DATE", "The day in the file's name.", nullable=False),
    ),
)
