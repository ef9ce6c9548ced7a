-- A sample of each cluster's customers on a day, chosen by a hash of their id, so that it is always the same.
SELECT Cluster, picked.CustomerID, picked.Recency, picked.Frequency, picked.Monetary
FROM (
    SELECT Cluster, unnest(arg_min(
        {'CustomerID': CustomerID, 'Recency': Recency, 'Frequency': Frequency, 'Monetary': Monetary},
        hash(CustomerID),
        $each
    )) AS picked
    FROM ml.customer_clusters
    WHERE as_of_date = $as_of
    GROUP BY Cluster
)
ORDER BY Cluster, picked.CustomerID
