-- How many of the overdue customers of some segments were not overdue a week ago.
SELECT count(*) FILTER (overdue.Newly_Overdue) AS newly
FROM overdue
JOIN gold.customer_segments AS now ON now.CustomerID = overdue.CustomerID
WHERE now.as_of_date = $as_of AND list_contains($segments, now.segment)
