-- Customers of high value who are at risk, and a week ago were of high value and not yet at risk.
SELECT now.CustomerID
FROM gold.customer_segments AS now
JOIN gold.customer_segments AS earlier ON earlier.CustomerID = now.CustomerID AND earlier.as_of_date = $week_ago
WHERE now.as_of_date = $as_of
    AND now.segment = 'High Value - At Risk'
    AND earlier.segment IN ('High Value - Active & Engaged', 'High Value - Developing')
