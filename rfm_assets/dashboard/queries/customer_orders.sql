-- What a customer ordered by a day, as RFM counts it, one row per invoice; more of one may have been delivered later.
SELECT min(InvoiceDate) AS day, InvoiceNo AS invoice, any_value(Country) AS country, sum(ProductAmount) AS gross
FROM silver.invoices
WHERE CustomerID = $customer AND ProductAmount IS NOT NULL AND processing_date <= $as_of
GROUP BY InvoiceNo
ORDER BY day, invoice
