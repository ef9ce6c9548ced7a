-- The 5th, 25th, 50th, 75th and 95th percentile of each measure in each cluster.
SELECT Cluster, measure, below[1] AS low, below[2] AS q1, below[3] AS median, below[4] AS q3, below[5] AS high
FROM (
    SELECT
        Cluster,
        quantile_cont(CAST(Monetary AS DOUBLE), [0.05, 0.25, 0.5, 0.75, 0.95]) AS Monetary,
        quantile_cont(CAST(Frequency AS DOUBLE), [0.05, 0.25, 0.5, 0.75, 0.95]) AS Frequency,
        quantile_cont(CAST(Recency AS DOUBLE), [0.05, 0.25, 0.5, 0.75, 0.95]) AS Recency
    FROM ml.customer_clusters
    WHERE as_of_date = $as_of
    GROUP BY Cluster
) AS cluster
UNPIVOT (below FOR measure IN (Monetary, Frequency, Recency))
ORDER BY measure, Cluster
