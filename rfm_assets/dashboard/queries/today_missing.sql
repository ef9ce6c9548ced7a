-- Days in the week to a day without a file, although that weekday had one in three of the four weeks before, with its average
-- revenue.
WITH delivered AS (
    SELECT quality.processing_date AS day, coalesce(sum(invoice.ProductAmount), 0) AS revenue
    FROM quality.bronze_daily_quality AS quality
    LEFT JOIN silver.invoices AS invoice
        ON invoice.processing_date = quality.processing_date AND invoice.CustomerID IS NOT NULL
    WHERE quality.processing_date BETWEEN $as_of - 34 AND $as_of
    GROUP BY quality.processing_date
)

SELECT missing.day, avg(earlier.revenue) AS usual
FROM (SELECT $as_of - CAST(unnest(range(7)) AS INTEGER) AS day) AS missing
JOIN delivered AS earlier
    ON earlier.day BETWEEN missing.day - 28 AND missing.day - 7 AND (missing.day - earlier.day) % 7 = 0
WHERE missing.day NOT IN (SELECT day FROM delivered)
GROUP BY missing.day
HAVING count(*) >= 3
ORDER BY missing.day
