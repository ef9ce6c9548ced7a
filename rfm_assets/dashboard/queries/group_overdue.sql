-- Customers who are late for their next order by their own rhythm.
SELECT CustomerID
FROM gold.customer_scores
WHERE as_of_date = $as_of AND Overdue
