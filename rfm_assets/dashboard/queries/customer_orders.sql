-- A customer's orders by a day, as RFM counts them, one row per invoice; later deliveries may add to one.
SELECT min(InvoiceDate) AS day, InvoiceNo AS invoice, any_value(Country) AS country, sum(ProductAmount) AS gross
FROM silver.invoices
WHERE CustomerID = $customer AND ProductAmount IS NOT NULL AND processing_date <= $as_of
GROUP BY InvoiceNo
ORDER BY day, invoice
