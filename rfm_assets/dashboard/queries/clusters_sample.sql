-- Some customers of each cluster of a day, picked by a digest of their number: the same ones whenever one looks.
WITH numbered AS (
    SELECT *, row_number() OVER (PARTITION BY Cluster ORDER BY md5(CustomerID)) AS place
    FROM ml.customer_clusters
    WHERE as_of_date = $as_of
)
SELECT Cluster, CustomerID, Recency, Frequency, Monetary
FROM numbered
WHERE place <= $each
ORDER BY Cluster, place
