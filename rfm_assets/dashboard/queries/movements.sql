-- Where the customers of a day were on an earlier one, as the pipeline has stored it.
SELECT from_segment, to_segment, Customer_Count AS customers, purchased, aged, threshold
FROM gold.segment_migration
WHERE as_of_date = $as_of AND compared_to = $compared_to
