-- Each delivered day: its lines, those that silver kept and refused, and those that could not be split.
SELECT
    bronze.processing_date AS day,
    bronze.files_processed AS files,
    bronze.total_records AS delivered,
    bronze.total_records - bronze.valid_records AS malformed,
    bronze.rescued_data_quality_score AS well_formed,
    silver.total_records AS kept,
    bronze.total_records - silver.total_records AS refused,
    100.0 * (bronze.total_records - silver.total_records) / nullif(bronze.total_records, 0) AS refused_share
FROM quality.bronze_daily_quality AS bronze
JOIN quality.bronze_silver_dq_comparison AS silver
    ON silver.processing_date = bronze.processing_date AND silver.table_layer = 'silver_transactions_clean'
WHERE bronze.processing_date <= $as_of
ORDER BY day
