-- The segment rule: customers' values against the medians of their day. Comparisons are strict, and ties are many.
-- Who has spent nothing, or less once returns are taken off, is Base Value, wherever the median is.
SELECT tiered.*, value_tier || ' - ' || engagement_status AS segment
FROM (
    SELECT
        customer.*,
        CASE
            WHEN customer.Monetary <= 0 THEN 'Base Value'
            WHEN customer.Monetary > 2 * median_monetary THEN 'High Value'
            WHEN customer.Monetary > median_monetary THEN 'Growing Value'
            ELSE 'Base Value'
        END AS value_tier,
        CASE
            WHEN customer.Recency < median_recency AND customer.Frequency > median_frequency THEN 'Active & Engaged'
            WHEN customer.Frequency > median_frequency THEN 'At Risk'
            WHEN customer.Recency < median_recency THEN 'Developing'
            ELSE 'Inactive'
        END AS engagement_status
    FROM customer
    JOIN segment_thresholds AS threshold ON threshold.as_of_date = customer.as_of_date
) AS tiered
