-- The day's segments, and how the size of each has moved over the two weeks up to it.
WITH recent AS (
    SELECT
        *,
        min(Customer_Count) OVER (PARTITION BY Segment) AS least,
        max(Customer_Count) OVER (PARTITION BY Segment) AS most
    FROM gold.segment_summary
    WHERE as_of_date BETWEEN $day - INTERVAL 13 DAYS AND $day
)

SELECT
    Segment,
    max(Customer_Count) FILTER (WHERE as_of_date = $day) AS customers,
    max(Pct_of_Revenue) FILTER (WHERE as_of_date = $day) AS "% revenue",
    string_agg(
        substr('▁▂▃▄▅▆▇█', 1 + CAST(round(7 * (Customer_Count - least) / greatest(most - least, 1)) AS INTEGER), 1),
        '' ORDER BY as_of_date
    ) AS "two weeks"
FROM recent
GROUP BY Segment
ORDER BY "% revenue" DESC NULLS LAST
