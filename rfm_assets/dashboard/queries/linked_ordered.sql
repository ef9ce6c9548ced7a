-- The customers with a purchase delivered after one day and by another, or only those with none before.
SELECT CustomerID
FROM silver.invoices
WHERE CustomerID IS NOT NULL AND ProductAmount IS NOT NULL AND processing_date <= $as_of
GROUP BY CustomerID
HAVING max(processing_date) > $since AND (NOT $only_new OR min(processing_date) > $since)
