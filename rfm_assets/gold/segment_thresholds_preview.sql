-- The medians of the last week.
SELECT as_of_date, median_monetary, median_frequency, median_recency, customers
FROM gold.segment_thresholds
WHERE as_of_date BETWEEN $day - INTERVAL 6 DAYS AND $day
ORDER BY as_of_date DESC
