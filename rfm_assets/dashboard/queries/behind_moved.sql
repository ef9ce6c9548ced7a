-- The customers of a day by the segment they were in on an earlier one, the one they are in, and why they moved; whoever
-- was not seen then is new, not a mover who purchased. An empty text asks for any segment.
SELECT CustomerID
FROM moved_customers
WHERE $moved_from IN ('', from_segment)
    AND $moved_to IN ('', to_segment)
    AND CASE WHEN from_segment = 'New customer' THEN 'new' ELSE cause END IN ($causes)
