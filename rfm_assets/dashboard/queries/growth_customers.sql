-- Customers by the day of their first purchase, and how many there were by then.
WITH customer AS (
    SELECT CustomerID, min(InvoiceDate) AS day
    FROM silver.invoices
    WHERE processing_date <= $as_of AND CustomerID IS NOT NULL
    GROUP BY CustomerID
)
SELECT day, count(*) AS new_customers, CAST(sum(count(*)) OVER (ORDER BY day) AS BIGINT) AS customers
FROM customer
GROUP BY day
ORDER BY day
