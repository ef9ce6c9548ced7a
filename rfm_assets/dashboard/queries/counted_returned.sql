-- What each customer has returned since a week ago.
SELECT now.CustomerID, now.Returned - coalesce(earlier.Returned, 0) AS money
FROM gold.customer_money AS now
LEFT JOIN gold.customer_money AS earlier ON earlier.CustomerID = now.CustomerID AND earlier.as_of_date = $week_ago
WHERE now.as_of_date = $as_of
