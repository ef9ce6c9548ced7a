-- Customers by the day of their first purchase; and how many were first delivered after an earlier day, and between a still
-- earlier day and that one, however long ago they bought.
SELECT
    day,
    count(*) AS customers,
    count(*) FILTER (first_delivered > $before) AS delivered_now,
    count(*) FILTER (first_delivered > $since AND first_delivered <= $before) AS delivered_before
FROM (
    SELECT
        -- A shop ahead of UTC may date an invoice later than its file.
        min(least(InvoiceDate, CAST($as_of AS DATE))) AS day,
        min(processing_date) AS first_delivered
    FROM silver.invoices
    WHERE processing_date <= $as_of AND CustomerID IS NOT NULL
    GROUP BY CustomerID
) AS customer
GROUP BY day
ORDER BY day
