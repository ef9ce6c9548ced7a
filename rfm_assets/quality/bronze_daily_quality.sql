-- How clean each delivered day was, before any rule.
SELECT
    processing_date,
    count(*) AS total_records,
    count(DISTINCT source_file) AS files_processed,
    count(DISTINCT typed_date) AS distinct_invoice_date,
    count(*) FILTER (WHERE _rescued_data IS NULL) AS valid_records,
    count(*) FILTER (WHERE trimmed_invoice IS NULL) AS null_invoices,
    count(*) FILTER (WHERE trimmed_stock_code IS NULL) AS null_stock_codes,
    count(*) FILTER (WHERE typed_customer IS NULL) AS null_customer_ids,
    count(*) FILTER (WHERE typed_quantity <= 0) AS bad_quantities,
    count(*) FILTER (WHERE typed_price < 0) AS bad_price,
    round(10000 * count(*) FILTER (WHERE _rescued_data IS NULL) / count(*)) / 100 AS rescued_data_quality_score,
    max(clock.utc_now) AS created_timestamp
FROM typed
CROSS JOIN clock
GROUP BY processing_date
