-- How many of the overdue customers of some segments were not overdue a week ago.
SELECT count(*) AS newly
FROM gold.customer_segments
WHERE as_of_date = $as_of AND list_contains($segments, segment) AND CustomerID IN (SELECT CustomerID FROM members)
    AND CustomerID NOT IN (SELECT CustomerID FROM gold.customer_scores WHERE as_of_date = $as_of - 7 AND Overdue)
