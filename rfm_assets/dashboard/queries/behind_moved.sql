-- The customers of a day by the segment they were in on an earlier one, the one they are in, and why they moved, as
-- gold.segment_migration counts them. An empty text asks for any segment.
SELECT CustomerID
FROM (
    SELECT
        CustomerID,
        from_segment,
        to_segment,
        CASE
            WHEN from_segment = 'New customer' THEN 'new'
            WHEN from_segment = to_segment THEN 'stayed'
            WHEN has_purchased THEN 'purchased'
            WHEN segment <> from_segment THEN 'aged'
            ELSE 'threshold'
        END AS cause
    FROM placed_by_then
) AS caused
WHERE $moved_from IN ('', from_segment) AND $moved_to IN ('', to_segment) AND cause IN ($causes)
