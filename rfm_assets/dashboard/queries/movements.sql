-- The stored movements of a day's customers since an earlier day.
SELECT from_segment, to_segment, Customer_Count AS customers, purchased, aged, threshold
FROM gold.segment_migration
WHERE as_of_date = $as_of AND compared_to = $compared_to
