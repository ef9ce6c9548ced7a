-- The medians of each day's customers, as doubles: a median of decimals would be cut off, not interpolated.
SELECT
    as_of_date,
    median(CAST(Monetary AS DOUBLE)) AS median_monetary,
    median(CAST(Frequency AS DOUBLE)) AS median_frequency,
    median(CAST(Recency AS DOUBLE)) AS median_recency,
    count(*) AS customers
FROM customer_rfm
GROUP BY as_of_date
