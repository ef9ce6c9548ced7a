-- Recency, frequency and monetary value of what customers kept. The last purchase counts for recency even if it was
-- returned: the customer was there on that day.
SELECT
    customer_rfm.as_of_date,
    customer_rfm.CustomerID,
    customer_rfm.MaxInvoiceDate,
    customer_rfm.Recency,
    customer_money.Orders_Kept AS Frequency,
    customer_money.Net AS Monetary
FROM customer_rfm
JOIN customer_money
    ON customer_money.as_of_date = customer_rfm.as_of_date AND customer_money.CustomerID = customer_rfm.CustomerID
