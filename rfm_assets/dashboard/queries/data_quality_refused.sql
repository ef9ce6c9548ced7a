-- Refused lines of some days that fail a rule, or any, as delivered; the newest first.
SELECT
    processing_date, failed_rules, Invoice, StockCode, Description, Quantity, Price, CustomerID, Country, InvoiceDate,
    _rescued_data, source_file
FROM silver.rejected_transactions
WHERE processing_date BETWEEN $first AND $last
    AND ($rule = '' OR list_contains(string_split(failed_rules, ','), $rule))
ORDER BY processing_date DESC, source_file, Invoice, StockCode
LIMIT $most
