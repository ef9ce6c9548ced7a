-- How many customers the chosen segments have.
SELECT coalesce(sum(Customer_Count), 0) AS customers
FROM gold.segment_summary
WHERE as_of_date = $as_of AND list_contains($segments, Segment)
