-- The clusters and outlier classes of a day.
SELECT *, 100.0 * Count / sum(Count) OVER () AS share
FROM ml.cluster_summary
WHERE as_of_date = $as_of
ORDER BY Cluster
