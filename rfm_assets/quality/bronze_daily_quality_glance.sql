-- The two weeks up to the day.
SELECT processing_date, total_records, files_processed, valid_records, null_customer_ids, bad_quantities, bad_price
FROM quality.bronze_daily_quality
WHERE processing_date BETWEEN $day - INTERVAL 13 DAYS AND $day
ORDER BY processing_date DESC
