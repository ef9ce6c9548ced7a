-- Every day that was loaded.
SELECT processing_date AS day
FROM quality.bronze_daily_quality
ORDER BY day
