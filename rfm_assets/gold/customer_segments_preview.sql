-- Who spent most in each segment.
SELECT segment, arg_max(CustomerID, (Monetary, CustomerID)) AS customer, max(Monetary) AS spent, count(*) AS customers
FROM gold.customer_segments
WHERE as_of_date = $day
GROUP BY segment
ORDER BY spent DESC
