-- The medians of each day's customers, as doubles: a median of decimals would be cut off, not interpolated. Where nobody
-- purchased within the policy's window, they are those of all customers.
SELECT
    as_of_date,
    coalesce(
        median(CAST(CASE WHEN $in_window THEN Monetary END AS DOUBLE)), median(CAST(Monetary AS DOUBLE))
    ) AS median_monetary,
    coalesce(
        median(CAST(CASE WHEN $in_window THEN Frequency END AS DOUBLE)), median(CAST(Frequency AS DOUBLE))
    ) AS median_frequency,
    coalesce(
        median(CAST(CASE WHEN $in_window THEN Recency END AS DOUBLE)), median(CAST(Recency AS DOUBLE))
    ) AS median_recency,
    count(*) AS customers,
    $policy AS policy
FROM customer_rfm
GROUP BY as_of_date
