-- The same defects of a day counted before and after the rules.
SELECT *
FROM quality.bronze_silver_dq_comparison
WHERE processing_date = $day
ORDER BY table_layer
