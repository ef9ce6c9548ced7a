-- The customers of a day by earlier segment, current segment and cause of the move; customers not seen earlier are new,
-- not movers who purchased. An empty text matches any segment.
SELECT CustomerID
FROM moved_customers
WHERE $moved_from IN ('', from_segment)
    AND $moved_to IN ('', to_segment)
    AND CASE WHEN from_segment = 'New customer' THEN 'new' ELSE cause END IN ($causes)
