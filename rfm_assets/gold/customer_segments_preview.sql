-- What the best customer of each segment spent: who that is, Dagster's records do not keep.
SELECT segment, max(Monetary) AS spent, count(*) AS customers
FROM gold.customer_segments
WHERE as_of_date = $day
GROUP BY segment
ORDER BY spent DESC
