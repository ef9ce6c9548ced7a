-- The segments that a customer has been in up to a day, from the first to the last stored day of each stay.
WITH history AS (
    SELECT as_of_date AS day, segment, lag(segment) OVER (ORDER BY as_of_date) AS segment_before
    FROM gold.customer_segments
    WHERE CustomerID = $customer AND as_of_date <= $as_of
),

numbered AS (
    SELECT
        day,
        segment,
        count(*) FILTER (WHERE segment_before IS DISTINCT FROM segment) OVER (ORDER BY day) AS spell
    FROM history
)

SELECT min(day) AS first_day, max(day) AS last_day, segment, max(day) - min(day) + 1 AS days
FROM numbered
GROUP BY spell, segment
ORDER BY first_day
