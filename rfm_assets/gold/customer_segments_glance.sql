-- The ten customers who spent most.
SELECT CustomerID, Recency, Frequency, Monetary, segment
FROM gold.customer_segments
WHERE as_of_date = $day
ORDER BY Monetary DESC, CustomerID
LIMIT 10
