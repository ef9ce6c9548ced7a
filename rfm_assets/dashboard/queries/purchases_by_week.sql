-- The numbers of purchases.sql for each of the last weeks up to a day, oldest first, in one pass: an order or a customer is
-- new in the week of its first delivery.
WITH invoice AS (
    SELECT
        CustomerID,
        weeks_ago,
        sum(ProductAmount) AS spent,
        weeks_ago = max(weeks_ago) OVER (PARTITION BY CustomerID, InvoiceNo) AS is_new
    FROM (
        SELECT CustomerID, InvoiceNo, ProductAmount, datediff('day', processing_date, $as_of) // 7 AS weeks_ago
        FROM silver.invoices
        WHERE processing_date <= $as_of AND CustomerID IS NOT NULL AND ProductAmount IS NOT NULL
    ) AS line
    GROUP BY CustomerID, InvoiceNo, weeks_ago
),

customer AS (
    SELECT
        CustomerID,
        weeks_ago,
        sum(spent) AS spent,
        count(*) FILTER (is_new) AS orders,
        weeks_ago = max(weeks_ago) OVER (PARTITION BY CustomerID) AS is_new
    FROM invoice
    GROUP BY CustomerID, weeks_ago
),

chosen AS (
    SELECT datediff('day', as_of_date, $as_of) // 7 AS weeks_ago, CustomerID
    FROM gold.customer_segments
    WHERE NOT $everybody
        AND as_of_date > CAST($as_of AS DATE) - CAST(7 * $weeks AS INTEGER)
        AND as_of_date <= $as_of
        AND datediff('day', as_of_date, $as_of) % 7 = 0
        AND list_contains($segments, segment)
)

SELECT
    week.weeks_ago,
    count(spent) AS bought,
    count(*) FILTER (is_new) AS new,
    coalesce(sum(spent), 0) AS revenue,
    CAST(coalesce(sum(orders), 0) AS BIGINT) AS orders
FROM (SELECT unnest(range($weeks)) AS weeks_ago) AS week
LEFT JOIN (
    SELECT *
    FROM customer
    WHERE $everybody OR (weeks_ago, CustomerID) IN (SELECT (weeks_ago, CustomerID) FROM chosen)
) AS counted ON counted.weeks_ago = week.weeks_ago
GROUP BY week.weeks_ago
ORDER BY week.weeks_ago DESC
