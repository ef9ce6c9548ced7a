-- The days for which nothing was delivered, between the first delivery and a day.
SELECT CAST(day AS DATE) AS day
FROM (SELECT unnest(generate_series(min(processing_date), $as_of, INTERVAL 1 DAY)) AS day FROM quality.bronze_daily_quality)
WHERE CAST(day AS DATE) NOT IN (SELECT processing_date FROM quality.bronze_daily_quality)
ORDER BY day
