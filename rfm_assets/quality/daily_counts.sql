-- Rows per invoice date, before and after the rules.
SELECT processing_date, '01_bronze_transactions_raw' AS table_layer, typed_date AS invoicedate, count(*) AS record_counts
FROM typed
GROUP BY processing_date, typed_date
UNION ALL
SELECT processing_date, '02_silver_transactions_clean', InvoiceDate, count(*)
FROM valid
GROUP BY processing_date, InvoiceDate
