-- A customer's returns by a day, as deducted from their money, one row per return.
SELECT min(InvoiceDate) AS day, InvoiceNo AS invoice, sum(Amount) AS returned
FROM silver.returns
WHERE CustomerID = $customer AND CountsForCustomer AND processing_date <= $as_of
GROUP BY InvoiceNo
ORDER BY day, invoice
