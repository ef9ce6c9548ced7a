-- The ten countries with most revenue as of a day.
SELECT coalesce(Country, 'Unknown') AS country, sum(Amount) AS revenue,
    100 * sum(Amount) / nullif(sum(sum(Amount)) OVER (), 0) AS share
FROM silver.invoices
WHERE processing_date <= $as_of
GROUP BY Country
ORDER BY revenue DESC, country
LIMIT 10
