-- Customers by the month or week ($unit) of their first purchase: in each later one, how many bought, for how much, and in
-- how many invoices. Of the last $most months or weeks; the first delivery tells which of them are partial.
WITH invoice AS (
    SELECT
        CustomerID,
        date_trunc($unit, least(InvoiceDate, CAST($as_of AS DATE))) AS bought,
        sum(Amount) AS revenue
    FROM silver.invoices
    WHERE processing_date <= $as_of AND CustomerID IS NOT NULL
    GROUP BY CustomerID, InvoiceNo, bought
), customer AS (
    SELECT
        CustomerID,
        bought,
        min(bought) OVER (PARTITION BY CustomerID) AS cohort,
        sum(revenue) AS revenue,
        count(*) AS invoices
    FROM invoice
    GROUP BY CustomerID, bought
)
SELECT
    CAST(cohort AS DATE) AS cohort,
    datediff($unit, cohort, bought) AS age,
    count(*) AS customers,
    sum(revenue) AS revenue,
    CAST(sum(invoices) AS BIGINT) AS invoices,
    (SELECT min(processing_date) FROM meta.growth_by_delivery) AS first_delivery
FROM customer
WHERE datediff($unit, cohort, CAST($as_of AS DATE)) < $most
GROUP BY cohort, age
ORDER BY cohort, age
