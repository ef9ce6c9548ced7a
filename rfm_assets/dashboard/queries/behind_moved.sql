-- The customers of a day who were in a segment on an earlier one, or were new after it.
SELECT now.CustomerID
FROM gold.customer_segments AS now
LEFT JOIN gold.customer_segments AS earlier
    ON earlier.CustomerID = now.CustomerID AND earlier.as_of_date = $since
WHERE now.as_of_date = $as_of AND coalesce(earlier.segment, 'New customer') = $moved_from
