-- The spend of the customers who joined, and who left, each segment since an earlier day.
WITH moved AS (
    SELECT coalesce(earlier.segment, 'New customer') AS origin, now.segment AS target, now.Monetary AS spent
    FROM gold.customer_segments AS now
    LEFT JOIN gold.customer_segments AS earlier
        ON earlier.CustomerID = now.CustomerID AND earlier.as_of_date = $compared_to
    WHERE now.as_of_date = $as_of AND earlier.segment IS DISTINCT FROM now.segment
)

SELECT segment, sum(joined) AS joined, sum(spent_by_joined) AS spent_by_joined, sum("left") AS "left", sum(spent_by_left) AS spent_by_left
FROM (
    SELECT target AS segment, count(*) AS joined, sum(spent) AS spent_by_joined, 0 AS "left", 0 AS spent_by_left
    FROM moved
    GROUP BY target
    UNION ALL
    SELECT origin, 0, 0, count(*), sum(spent)
    FROM moved
    GROUP BY origin
) AS sides
WHERE segment <> 'New customer'
GROUP BY segment
