-- High-value customers who are active or developing now, and were high-value and at risk or inactive a week ago.
SELECT count(*) AS customers
FROM gold.customer_segments AS now
JOIN gold.customer_segments AS earlier ON earlier.CustomerID = now.CustomerID AND earlier.as_of_date = $as_of - 7
WHERE now.as_of_date = $as_of
    AND now.value_tier = 'High Value'
    AND now.engagement_status IN ('Active & Engaged', 'Developing')
    AND earlier.value_tier = 'High Value'
    AND earlier.engagement_status IN ('At Risk', 'Inactive')
