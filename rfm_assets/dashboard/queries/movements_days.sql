-- The earlier days that the pipeline has compared a day with.
SELECT DISTINCT compared_to AS day
FROM gold.segment_migration
WHERE as_of_date = $as_of
