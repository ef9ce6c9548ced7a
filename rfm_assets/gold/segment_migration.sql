-- How many customers moved from each segment to each, with what they have spent, and why they moved.
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
FROM moved_customers
GROUP BY as_of_date, compared_to, from_segment, to_segment
