-- The medians of each day's customers, as doubles: a median of decimals would be cut off, not interpolated. That of
-- money is taken in pennies, so that the middle of two amounts is exact before it is a fraction.
SELECT
    as_of_date,
    median(CAST(100 * Monetary AS DOUBLE)) / 100 AS median_monetary,
    median(CAST(Frequency AS DOUBLE)) AS median_frequency,
    median(CAST(Recency AS DOUBLE)) AS median_recency,
    count(*) AS customers
FROM customer_rfm
GROUP BY as_of_date
