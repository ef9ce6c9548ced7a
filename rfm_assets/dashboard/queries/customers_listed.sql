-- The customers of the chosen segments.
SELECT CustomerID, segment, Recency AS recency, Frequency AS frequency, Monetary AS monetary
FROM gold.customer_segments
WHERE as_of_date = $as_of AND list_contains($segments, segment)
