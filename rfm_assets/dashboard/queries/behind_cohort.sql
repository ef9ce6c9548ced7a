-- The customers who first bought anything in one month and bought in another, by what was delivered by a day.
SELECT CustomerID
FROM (
    -- A shop ahead of UTC may date an invoice later than its file.
    SELECT CustomerID, date_trunc('month', least(InvoiceDate, $as_of)) AS month
    FROM silver.invoices
    WHERE processing_date <= $as_of AND CustomerID IS NOT NULL
) AS sale
GROUP BY CustomerID
HAVING min(month) = $cohort AND bool_or(month = $again)
