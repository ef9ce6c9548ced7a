-- The medians that divide a day's customers.
SELECT as_of_date AS day, median_monetary, median_frequency, median_recency
FROM gold.segment_thresholds
WHERE as_of_date = $as_of
