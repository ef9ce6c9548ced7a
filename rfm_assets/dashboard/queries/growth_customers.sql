-- Customers by the day of their first purchase and by the months in which they bought: bit n of `months` stands for the
-- n-th month before that of the day looked at, of the last $months. Who bought first before them has none. Also, how many
-- were first delivered after an earlier day, and from a still earlier one to that, however long ago they bought.
WITH sale AS (
    SELECT CustomerID, InvoiceDate, processing_date, CAST(datediff('month', InvoiceDate, $as_of) AS INTEGER) AS months_ago
    FROM (
        -- A shop ahead of UTC may date an invoice later than its file.
        SELECT CustomerID, processing_date, least(InvoiceDate, CAST($as_of AS DATE)) AS InvoiceDate
        FROM silver.invoices
        WHERE processing_date <= $as_of AND CustomerID IS NOT NULL
    ) AS delivered
), customer AS (
    SELECT
        min(InvoiceDate) AS day,
        min(processing_date) AS first_delivered,
        max(months_ago) AS first_months_ago,
        bit_or(CASE WHEN months_ago BETWEEN 0 AND $months - 1 THEN 1 << months_ago ELSE 0 END) AS months
    FROM sale
    GROUP BY CustomerID
), counted AS (
    SELECT *, CASE WHEN first_months_ago < $months THEN months ELSE 0 END AS cohort_months
    FROM customer
)
SELECT
    day,
    cohort_months AS months,
    count(*) AS customers,
    count(*) FILTER (WHERE first_delivered > $before) AS delivered_now,
    count(*) FILTER (WHERE first_delivered > $since AND first_delivered <= $before) AS delivered_before
FROM counted
GROUP BY day, cohort_months
ORDER BY day, months
