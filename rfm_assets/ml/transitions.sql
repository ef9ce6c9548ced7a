-- The number of customers who went from one cluster to another, from each day to the next.
SELECT
    today.as_of_date,
    before.Cluster AS before,
    today.Cluster AS after,
    count(*) AS customers
FROM customer_clusters AS today
JOIN customer_clusters AS before
    ON before.CustomerID = today.CustomerID AND before.as_of_date = today.as_of_date - 1
GROUP BY today.as_of_date, before.Cluster, today.Cluster
ORDER BY today.as_of_date, before.Cluster, today.Cluster
