-- The day's clusters and outlier classes (numbered below 0), by their middle customer.
SELECT
    Cluster AS "#",
    Cluster_Description AS cluster,
    Count AS customers,
    CAST(Med_Monetary AS DECIMAL(31, 2)) AS spent,
    CAST(Med_Frequency AS DECIMAL(18, 1)) AS orders,
    CAST(Med_Recency AS DECIMAL(18, 1)) AS "days ago"
FROM ml.cluster_summary
WHERE as_of_date = $day
ORDER BY "#"
