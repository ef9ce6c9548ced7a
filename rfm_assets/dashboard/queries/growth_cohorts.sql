-- Of the customers of each of the last twelve months of first purchase, how many bought 0 to 11 months later. NULL where
-- that month is not over: it would look like a fall. A cohort is complete when its own month was delivered in full.
WITH active AS (
    SELECT DISTINCT CustomerID, CAST(date_trunc('month', InvoiceDate) AS DATE) AS month
    FROM silver.invoices
    WHERE processing_date <= $as_of AND CustomerID IS NOT NULL
), first_purchase AS (
    SELECT CustomerID, min(month) AS cohort
    FROM active
    GROUP BY CustomerID
), retained AS (
    SELECT cohort, date_diff('month', cohort, month) AS age, count(*) AS customers
    FROM active JOIN first_purchase USING (CustomerID)
    GROUP BY cohort, age
), cohort AS (
    SELECT cohort, customers AS size
    FROM retained
    WHERE age = 0 AND cohort > date_trunc('month', $as_of) - INTERVAL 12 MONTH
), age AS (
    SELECT unnest(generate_series(0, 11)) AS age
)
SELECT
    cohort.cohort,
    cohort.size,
    cohort.cohort >= (SELECT min(processing_date) FROM silver.invoices) AND last_day(cohort.cohort) <= $as_of AS complete,
    age.age,
    CASE WHEN last_day(cohort.cohort + to_months(CAST(age.age AS INTEGER))) <= $as_of THEN coalesce(retained.customers, 0) END AS customers
FROM cohort
CROSS JOIN age
LEFT JOIN retained ON retained.cohort = cohort.cohort AND retained.age = age.age
ORDER BY cohort.cohort, age.age
