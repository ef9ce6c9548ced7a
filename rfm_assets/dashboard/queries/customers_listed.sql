-- A page of the customers of the chosen segments, in the order asked for.
SELECT CustomerID AS customer, segment, Recency AS recency, Frequency AS frequency, Monetary AS monetary
FROM gold.customer_segments
WHERE as_of_date = $as_of AND list_contains($segments, segment)
ORDER BY
    CASE $order
        WHEN 'least recent' THEN -Recency
        WHEN 'most recent' THEN Recency
        WHEN 'most orders' THEN -Frequency
        WHEN 'fewest orders' THEN Frequency
        WHEN 'most spent' THEN -Monetary
        WHEN 'least spent' THEN Monetary
    END,
    CustomerID
LIMIT $rows OFFSET $skipped
