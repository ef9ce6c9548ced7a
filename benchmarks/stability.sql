-- How steady the clusters of a warehouse are from day to day: a line per figure, over all days.
WITH numbered AS (
    SELECT today.as_of_date, avg(CAST(today.Cluster = before.Cluster AS INTEGER)) AS kept
    FROM ml.customer_clusters AS today
    JOIN ml.customer_clusters AS before
        ON before.CustomerID = today.CustomerID AND before.as_of_date = today.as_of_date - 1
    GROUP BY today.as_of_date
),

of_a_day AS (
    SELECT 1 AS line, 'number of clusters k' AS figure, CAST(k AS DOUBLE) AS value
    FROM ml.cluster_selection WHERE chosen
    UNION ALL
    SELECT 2, 'silhouette of the chosen clusters', silhouette_score FROM ml.cluster_selection WHERE chosen
    UNION ALL
    SELECT 3, 'k is another than the day before (1) or not (0)', CAST(k IS DISTINCT FROM previous_k AS INTEGER)
    FROM ml.cluster_stability
    UNION ALL
    SELECT 4, 'share of customers in a cluster of the same number', kept FROM numbered
    UNION ALL
    SELECT 5, 'share of customers in the matching cluster', matched_agreement FROM ml.cluster_stability
    UNION ALL
    SELECT 6, 'the same, where k did not change', matched_agreement FROM ml.cluster_stability WHERE k = previous_k
    UNION ALL
    SELECT 7, 'adjusted Rand index', adjusted_rand_index FROM ml.cluster_stability
)

SELECT
    figure,
    format('{:d}', count(*)) AS days,
    format('{:.3f}', min(value)) AS lowest,
    format('{:.3f}', median(value)) AS median,
    format('{:.3f}', avg(value)) AS mean,
    format('{:.3f}', max(value)) AS highest
FROM of_a_day
GROUP BY line, figure
ORDER BY line
