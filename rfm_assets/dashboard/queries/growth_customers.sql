-- Customers by the day of their first purchase and by the months in which they bought: bit n of `months` stands for the
-- n-th month before that of the day looked at, of the last twelve. Who bought first before them has none. Also, how many
-- were first delivered after an earlier day, however long ago they bought.
WITH customer AS (
    SELECT
        min(InvoiceDate) AS day,
        min(processing_date) AS first_delivered,
        bit_or(CASE
            WHEN datediff('month', InvoiceDate, $as_of) BETWEEN 0 AND 11
                THEN 1 << CAST(datediff('month', InvoiceDate, $as_of) AS INTEGER)
            ELSE 0
        END) AS months
    FROM silver.invoices
    WHERE processing_date <= $as_of AND CustomerID IS NOT NULL
    GROUP BY CustomerID
), counted AS (
    SELECT *, CASE WHEN datediff('month', day, $as_of) BETWEEN 0 AND 11 THEN months ELSE 0 END AS cohort_months
    FROM customer
)
SELECT
    day,
    cohort_months AS months,
    count(*) AS customers,
    count(*) FILTER (WHERE first_delivered > $since) AS delivered_since
FROM counted
GROUP BY day, cohort_months
ORDER BY day, months
