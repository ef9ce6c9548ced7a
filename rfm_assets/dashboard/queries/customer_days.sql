-- The days whose customers are stored: not those of old days that were thinned.
SELECT DISTINCT as_of_date AS day
FROM gold.customer_segments
ORDER BY day
