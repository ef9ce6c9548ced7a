-- Sizes and lifetime revenue of the chosen segments up to a day, sampled at intervals. Shares are of all customers.
SELECT *
FROM (
    SELECT
        as_of_date AS day,
        Segment AS segment,
        Customer_Count AS customers,
        Total_Revenue AS revenue,
        100.0 * CAST(Customer_Count AS DOUBLE) / sum(Customer_Count) OVER one_day AS customers_share,
        100.0 * CAST(Total_Revenue AS DOUBLE) / nullif(sum(Total_Revenue) OVER one_day, 0) AS revenue_share
    FROM gold.segment_summary
    WHERE as_of_date <= $as_of AND datediff('day', as_of_date, $as_of) % $every = 0
    WINDOW one_day AS (PARTITION BY as_of_date)
) AS everybody
WHERE list_contains($segments, segment)
ORDER BY day
