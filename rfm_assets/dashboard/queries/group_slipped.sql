-- Customers of high value who are at risk, and a week ago were of high value and not yet at risk: whatever a shop calls
-- these segments.
SELECT now.CustomerID
FROM gold.customer_segments AS now
JOIN gold.customer_segments AS earlier ON earlier.CustomerID = now.CustomerID AND earlier.as_of_date = $week_ago
WHERE now.as_of_date = $as_of
    AND now.value_tier = 'High Value'
    AND now.engagement_status = 'At Risk'
    AND earlier.value_tier = 'High Value'
    AND earlier.engagement_status IN ('Active & Engaged', 'Developing')
