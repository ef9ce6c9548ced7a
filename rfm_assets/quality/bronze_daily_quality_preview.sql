-- The week up to the day.
SELECT processing_date AS day, total_records AS lines, files_processed AS files, null_customer_ids AS anonymous,
    bad_quantities AS quantity, bad_price AS price
FROM quality.bronze_daily_quality
WHERE processing_date BETWEEN $day - INTERVAL 6 DAYS AND $day
ORDER BY processing_date DESC
