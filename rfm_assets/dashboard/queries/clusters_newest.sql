-- The newest day with clusters.
SELECT max(as_of_date) AS day
FROM ml.cluster_summary
