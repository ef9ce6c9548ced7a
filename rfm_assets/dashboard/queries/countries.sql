-- Every country that was bought from by a day.
SELECT DISTINCT coalesce(Country, 'Not said') AS country
FROM silver.invoices
WHERE processing_date <= $as_of
ORDER BY country
