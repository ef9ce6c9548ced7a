-- The customers whose sales of any kind, delivered by a day, meet a condition.
SELECT CustomerID
FROM (
    -- A shop ahead of UTC may date an invoice later than its file.
    SELECT CustomerID, Country, least(InvoiceDate, $as_of) AS day
    FROM silver.invoices
    WHERE processing_date <= $as_of AND CustomerID IS NOT NULL
) AS sale
GROUP BY CustomerID
HAVING $condition
