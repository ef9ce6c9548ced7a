-- Customers, lifetime revenue and lifetime orders of the chosen segments on two days. Numbers that need the customers are
-- NULL on a thinned day.
SELECT summary.day, summary.customers, revenue, orders, bought_lately, threshold.median_recency
FROM (
    SELECT as_of_date AS day, sum(Customer_Count) AS customers, sum(Total_Revenue) AS revenue
    FROM gold.segment_summary
    WHERE as_of_date IN ($as_of, $before) AND list_contains($segments, Segment)
    GROUP BY as_of_date
) AS summary
JOIN gold.segment_thresholds AS threshold ON threshold.as_of_date = summary.day
LEFT JOIN (
    SELECT as_of_date AS day, sum(Frequency) AS orders, count(*) FILTER (WHERE Recency < 30) AS bought_lately
    FROM gold.customer_segments
    WHERE as_of_date IN ($as_of, $before) AND list_contains($segments, segment)
    GROUP BY as_of_date
) AS customer ON customer.day = summary.day
