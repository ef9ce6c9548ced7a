-- A customer as of a day, and the medians that divided the customers of that day.
SELECT
    customer.Recency AS recency,
    customer.Frequency AS frequency,
    customer.Monetary AS monetary,
    customer.value_tier,
    customer.engagement_status,
    customer.segment,
    threshold.median_recency,
    threshold.median_frequency,
    threshold.median_monetary
FROM gold.customer_segments AS customer
JOIN gold.segment_thresholds AS threshold ON threshold.as_of_date = customer.as_of_date
WHERE customer.as_of_date = $as_of AND customer.CustomerID = $customer
