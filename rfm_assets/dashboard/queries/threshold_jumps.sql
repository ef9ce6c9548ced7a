-- The days on which the thresholds alone moved at least a share of all customers, with the medians before and after.
WITH threshold AS (
    SELECT
        as_of_date AS day,
        lag(as_of_date) OVER by_day AS compared_to,
        median_recency AS recency,
        median_frequency AS frequency,
        median_monetary AS monetary,
        lag(median_recency) OVER by_day AS recency_before,
        lag(median_frequency) OVER by_day AS frequency_before,
        lag(median_monetary) OVER by_day AS monetary_before,
        customers
    FROM gold.segment_thresholds
    WHERE as_of_date <= $as_of
    WINDOW by_day AS (ORDER BY as_of_date)
)

SELECT threshold.*, moved
FROM threshold
JOIN (
    SELECT as_of_date AS day, compared_to, CAST(sum(threshold) AS BIGINT) AS moved
    FROM gold.segment_migration
    GROUP BY as_of_date, compared_to
) AS migration USING (day, compared_to)
WHERE moved >= $least_share * customers AND day - (SELECT min(as_of_date) FROM gold.segment_thresholds) >= 28
ORDER BY day
