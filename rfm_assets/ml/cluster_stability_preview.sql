-- How steady the clusters were over the last week.
SELECT
    as_of_date AS day,
    k,
    previous_k AS "k before",
    CAST(matched_agreement AS DECIMAL(6, 3)) AS agreement,
    CAST(adjusted_rand_index AS DECIMAL(6, 3)) AS "rand index"
FROM ml.cluster_stability
WHERE as_of_date BETWEEN $day - INTERVAL 6 DAYS AND $day
ORDER BY as_of_date DESC
