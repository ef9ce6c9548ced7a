-- The day's scores of each number of clusters; the chosen one is marked.
SELECT
    k,
    CAST(silhouette_score AS DECIMAL(6, 3)) AS silhouette,
    CAST(inertia AS DECIMAL(18, 0)) AS inertia,
    CAST(elbow_distance AS DECIMAL(6, 3)) AS elbow,
    CAST(combined_score AS DECIMAL(6, 3)) AS score,
    CASE WHEN chosen THEN '★' ELSE '' END AS chosen
FROM ml.cluster_selection
WHERE as_of_date = $day
ORDER BY k
