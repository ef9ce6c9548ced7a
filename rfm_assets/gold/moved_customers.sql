-- Customers with their earlier and current segment, and why they moved. A customer who has not purchased has aged if the
-- current values give another segment even under the earlier medians; otherwise only the medians have moved.
SELECT
    today AS as_of_date,
    as_of_date AS compared_to,
    CustomerID,
    from_segment,
    to_segment,
    Monetary,
    CASE
        WHEN from_segment = to_segment THEN 'stayed'
        WHEN has_purchased THEN 'purchased'
        WHEN segment <> from_segment THEN 'aged'
        ELSE 'threshold'
    END AS cause
FROM placed_by_then
