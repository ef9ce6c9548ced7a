-- The lines that fail a rule or could not be split into columns, as delivered, with every reason.
SELECT
    Invoice,
    StockCode,
    Description,
    Quantity,
    Price,
    CustomerID,
    Country,
    InvoiceDate,
    _rescued_data,
    source_file,
    ingestion_timestamp,
    processing_date,
    LineAmount,
    Currency,
    SourceRecord,
    failed_rules
FROM judged
WHERE failed_rules <> ''
