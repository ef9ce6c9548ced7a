-- The sum of each known customer's sales that meet a condition, among those delivered by a day.
SELECT CustomerID, sum($money) AS money
FROM (
    SELECT CustomerID, Country, Amount, ProductAmount, processing_date, least(InvoiceDate, $as_of) AS day
    FROM silver.invoices
    WHERE processing_date <= $as_of AND CustomerID IS NOT NULL
) AS sale
WHERE $condition
GROUP BY CustomerID
