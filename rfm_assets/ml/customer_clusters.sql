-- Each customer's values with the cluster and its name.
SELECT
    customer.as_of_date,
    customer.CustomerID,
    customer.MaxInvoiceDate,
    customer.Recency,
    customer.Frequency,
    customer.Monetary,
    label.Cluster,
    summary.Cluster_Description,
    summary.Cluster_Recommendation
FROM customer_rfm AS customer
JOIN label ON label.as_of_date = customer.as_of_date AND label.CustomerID = customer.CustomerID
JOIN summary ON summary.as_of_date = label.as_of_date AND summary.Cluster = label.Cluster
