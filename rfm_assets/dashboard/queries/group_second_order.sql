-- Customers with one order whose second is due within a few days before or after the day.
SELECT customer.CustomerID
FROM gold.customer_segments AS customer
JOIN gold.customer_scores AS scores
    ON scores.as_of_date = customer.as_of_date AND scores.CustomerID = customer.CustomerID
WHERE customer.as_of_date = $as_of AND customer.Frequency = 1
    AND scores.Next_Order_Due BETWEEN $as_of - $days_past AND $as_of + $days_ahead
