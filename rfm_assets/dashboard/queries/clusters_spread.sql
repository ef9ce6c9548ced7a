-- Where the customers of each cluster lie on each measure: 5 %, a quarter, half, three quarters and 95 % of them below.
SELECT
    Cluster,
    measure,
    quantile_cont(value, 0.05) AS low,
    quantile_cont(value, 0.25) AS q1,
    median(value) AS median,
    quantile_cont(value, 0.75) AS q3,
    quantile_cont(value, 0.95) AS high
FROM (
    SELECT Cluster, 'Monetary' AS measure, CAST(Monetary AS DOUBLE) AS value
    FROM ml.customer_clusters WHERE as_of_date = $as_of
    UNION ALL
    SELECT Cluster, 'Frequency', CAST(Frequency AS DOUBLE) FROM ml.customer_clusters WHERE as_of_date = $as_of
    UNION ALL
    SELECT Cluster, 'Recency', CAST(Recency AS DOUBLE) FROM ml.customer_clusters WHERE as_of_date = $as_of
) AS measured
GROUP BY Cluster, measure
ORDER BY measure, Cluster
