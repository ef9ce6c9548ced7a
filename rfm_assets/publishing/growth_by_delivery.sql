-- What each delivered day adds to each month of sale. Summed up to any day, it gives the numbers as of that day: an invoice
-- counts in the month that its first delivery gave it, and a month's customer likewise.
WITH sale AS (
    SELECT processing_date, InvoiceNo, CustomerID, Amount, ProductAmount,
        CAST(date_trunc('month', InvoiceDate) AS DATE) AS month
    FROM invoices
),

invoice AS (
    SELECT
        min(processing_date) AS day,
        arg_min(month, (processing_date, month)) AS month,
        min(processing_date) FILTER (WHERE Amount = 0) AS free_on,
        arg_min(month, (processing_date, month)) FILTER (WHERE Amount = 0) AS free_month
    FROM sale
    GROUP BY InvoiceNo
),

active AS (
    SELECT min(processing_date) AS day, month
    FROM sale
    WHERE CustomerID IS NOT NULL
    GROUP BY month, CustomerID
),

added AS (
    SELECT
        processing_date AS day,
        month,
        sum(Amount) AS revenue,
        sum(CASE WHEN CustomerID IS NULL THEN Amount ELSE 0 END) AS anonymous,
        sum(CASE WHEN CustomerID IS NULL THEN 0 ELSE Amount - coalesce(ProductAmount, 0) END) AS no_product,
        0 AS orders,
        0 AS free_orders,
        0 AS customers
    FROM sale
    GROUP BY processing_date, month
    UNION ALL
    SELECT day, month, 0, 0, 0, count(*), 0, 0 FROM invoice GROUP BY day, month
    UNION ALL
    SELECT free_on, free_month, 0, 0, 0, 0, count(*), 0 FROM invoice WHERE free_on IS NOT NULL GROUP BY free_on, free_month
    UNION ALL
    SELECT day, month, 0, 0, 0, 0, 0, count(*) FROM active GROUP BY day, month
)

SELECT
    day AS processing_date,
    month,
    CAST(sum(revenue) AS DECIMAL(38, 2)) AS revenue,
    CAST(sum(anonymous) AS DECIMAL(38, 2)) AS anonymous,
    CAST(sum(no_product) AS DECIMAL(38, 2)) AS no_product,
    CAST(sum(orders) AS BIGINT) AS orders,
    CAST(sum(free_orders) AS BIGINT) AS free_orders,
    CAST(sum(customers) AS BIGINT) AS customers
FROM added
GROUP BY day, month
ORDER BY day, month
