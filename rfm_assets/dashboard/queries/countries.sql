-- Every country with sales by a day.
SELECT DISTINCT coalesce(Country, 'Unknown') AS country
FROM silver.invoices
WHERE processing_date <= $as_of
ORDER BY country
