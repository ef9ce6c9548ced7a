-- What each day adds to customers' money; what they sent back is below zero.
SELECT processing_date, CustomerID, Amount
FROM customer_invoices
UNION ALL
SELECT processing_date, CustomerID, -Amount
FROM returns
WHERE CountsForCustomer
