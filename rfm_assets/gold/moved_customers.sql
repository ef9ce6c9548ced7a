-- Customers with the segment they were in on an earlier day and the one they are in, and why they moved. One who has not
-- purchased has aged when its values give another segment under the medians of then already; else only the medians have
-- moved.
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
