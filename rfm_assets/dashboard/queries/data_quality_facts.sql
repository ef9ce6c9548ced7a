-- Deliveries by a day: first and last day, number of days, latest sale, and when the last file was read.
SELECT
    min(processing_date) AS first_day,
    max(processing_date) AS last_day,
    count(*) AS delivered_days,
    (
        SELECT max(invoicedate) FROM quality.daily_counts
        WHERE processing_date <= $as_of AND table_layer = '02_silver_transactions_clean'
    ) AS last_sale,
    (SELECT max(loaded_at) FROM bronze.landed_files WHERE processing_date <= $as_of) AS last_load
FROM quality.bronze_daily_quality
WHERE processing_date <= $as_of
