-- Customers whose last order is later than their own rhythm says.
SELECT CustomerID
FROM gold.customer_scores
WHERE as_of_date = $as_of AND Overdue
