-- Customers by the day of their first purchase, how many there were by then, and how many of them were first delivered
-- after an earlier day, however long ago they bought.
WITH customer AS (
    SELECT CustomerID, min(InvoiceDate) AS day, min(processing_date) AS first_delivered
    FROM silver.invoices
    WHERE processing_date <= $as_of AND CustomerID IS NOT NULL
    GROUP BY CustomerID
)
SELECT
    day,
    count(*) AS new_customers,
    CAST(sum(count(*)) OVER (ORDER BY day) AS BIGINT) AS customers,
    count(*) FILTER (WHERE first_delivered > $since) AS delivered_since
FROM customer
GROUP BY day
ORDER BY day
