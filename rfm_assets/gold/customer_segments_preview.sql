-- The highest spend in each segment, without the customer, whom Dagster's records must not keep.
SELECT segment, max(Monetary) AS spent, count(*) AS customers
FROM gold.customer_segments
WHERE as_of_date = $day
GROUP BY segment
ORDER BY spent DESC
