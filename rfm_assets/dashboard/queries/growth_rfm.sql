-- What the Segments page counts as of a day.
SELECT coalesce(sum(Total_Revenue), 0) AS revenue, CAST(coalesce(sum(Customer_Count), 0) AS BIGINT) AS customers
FROM gold.segment_summary
WHERE as_of_date = $as_of
