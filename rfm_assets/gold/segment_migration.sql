-- Customers by the segment they were in and the one they are in, and why they moved. A customer who has not purchased
-- has aged when its values give another segment under the medians of then already; else only the medians have moved.
SELECT
    as_of_date,
    compared_to,
    from_segment,
    to_segment,
    count(*) AS Customer_Count,
    CAST(sum(Monetary) AS DECIMAL(38, 2)) AS Monetary,
    count(*) FILTER (WHERE cause = 'purchased') AS purchased,
    count(*) FILTER (WHERE cause = 'aged') AS aged,
    count(*) FILTER (WHERE cause = 'threshold') AS threshold
FROM (
    SELECT
        today AS as_of_date,
        as_of_date AS compared_to,
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
) AS caused
GROUP BY as_of_date, compared_to, from_segment, to_segment
