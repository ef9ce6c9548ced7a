-- The customers of a group with the highest spend.
SELECT CustomerID AS customer, Monetary AS spent
FROM gold.customer_segments
WHERE as_of_date = $as_of AND list_contains($segments, segment) AND CustomerID IN (SELECT CustomerID FROM members)
ORDER BY Monetary DESC, CustomerID
LIMIT 3
