-- The medians of the last week.
SELECT *
FROM gold.segment_thresholds
WHERE as_of_date BETWEEN $day - INTERVAL 6 DAYS AND $day
ORDER BY as_of_date DESC
