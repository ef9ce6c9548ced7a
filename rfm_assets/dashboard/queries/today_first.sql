-- Those of a group who have spent most.
SELECT CustomerID AS customer, Monetary AS spent
FROM gold.customer_segments
WHERE as_of_date = $as_of AND list_contains($segments, segment) AND CustomerID IN (SELECT CustomerID FROM members)
ORDER BY Monetary DESC, CustomerID
LIMIT 3
