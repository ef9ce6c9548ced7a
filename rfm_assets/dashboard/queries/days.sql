-- Every day with segments.
SELECT as_of_date AS day
FROM gold.segment_thresholds
ORDER BY day
