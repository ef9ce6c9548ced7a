-- Rows delivered, kept and refused over the two weeks up to the day.
WITH recent AS (
    SELECT
        processing_date,
        max(total_records) FILTER (WHERE table_layer = 'bronze_transactions_raw') AS delivered,
        max(total_records) FILTER (WHERE table_layer = 'silver_transactions_clean') AS kept
    FROM quality.bronze_silver_dq_comparison
    WHERE processing_date BETWEEN $day - INTERVAL 13 DAYS AND $day
    GROUP BY processing_date
)

SELECT
    processing_date,
    delivered,
    kept,
    delivered - kept AS refused,
    repeat('█', CAST(round(20.0 * kept / max(delivered) OVER ()) AS INTEGER))
    || repeat('░', CAST(ceil(20.0 * (delivered - kept) / max(delivered) OVER ()) AS INTEGER)) AS "kept █ refused ░"
FROM recent
ORDER BY processing_date DESC
