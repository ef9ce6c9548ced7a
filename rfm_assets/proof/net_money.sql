-- What each day adds to customers' money; returns are negative.
SELECT processing_date, CustomerID, Amount
FROM customer_invoices
UNION ALL
SELECT processing_date, CustomerID, -Amount
FROM returns
WHERE CountsForCustomer
