-- Customers whose id begins with a text, an exact hit first.
SELECT CustomerID AS customer
FROM gold.customer_segments
WHERE as_of_date = $as_of AND starts_with(CustomerID, $begins)
ORDER BY CustomerID = $begins DESC, CustomerID
LIMIT $most
