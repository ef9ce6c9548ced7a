-- High-value customers who are at risk now and were high-value but not at risk a week ago, whatever a shop calls these
-- segments.
SELECT now.CustomerID
FROM gold.customer_segments AS now
JOIN gold.customer_segments AS earlier ON earlier.CustomerID = now.CustomerID AND earlier.as_of_date = $week_ago
WHERE now.as_of_date = $as_of
    AND now.value_tier = 'High Value'
    AND now.engagement_status = 'At Risk'
    AND earlier.value_tier = 'High Value'
    AND earlier.engagement_status IN ('Active & Engaged', 'Developing')
