-- Customers, revenue and orders of the chosen segments on two days.
SELECT
    as_of_date AS day,
    count(*) AS customers,
    sum(Monetary) AS revenue,
    sum(Frequency) AS orders,
    count(*) FILTER (WHERE Recency < 30) AS bought_lately
FROM gold.customer_segments
WHERE as_of_date IN ($as_of, $before) AND list_contains($segments, segment)
GROUP BY as_of_date
