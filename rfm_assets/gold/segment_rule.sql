-- The segment rule: customers' values against the thresholds of their day. Comparisons are strict, and ties are many.
-- Customers who have spent nothing, or less than nothing net of returns, are Base Value, wherever the median is.
SELECT tiered.*, $segment AS segment
FROM (
    SELECT
        customer.*,
        CASE
            WHEN customer.Monetary <= 0 THEN 'Base Value'
            WHEN customer.Monetary > $high_above THEN 'High Value'
            WHEN customer.Monetary > $growing_above THEN 'Growing Value'
            ELSE 'Base Value'
        END AS value_tier,
        CASE
            WHEN customer.Recency < $recent_below AND customer.Frequency > median_frequency THEN 'Active & Engaged'
            WHEN customer.Frequency > median_frequency THEN 'At Risk'
            WHEN customer.Recency < $recent_below THEN 'Developing'
            ELSE 'Inactive'
        END AS engagement_status
    FROM customer
    JOIN segment_thresholds AS threshold ON threshold.as_of_date = customer.as_of_date
) AS tiered
