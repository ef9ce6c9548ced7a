-- The chosen segments of a day. Shares are recomputed, since the page rounds them and must not round twice.
SELECT *
FROM (
    SELECT * REPLACE (
        100.0 * CAST(Customer_Count AS DOUBLE) / sum(Customer_Count) OVER () AS Pct_of_Customers,
        100.0 * CAST(Total_Revenue AS DOUBLE) / nullif(sum(Total_Revenue) OVER (), 0) AS Pct_of_Revenue
    )
    FROM gold.segment_summary
    WHERE as_of_date = $as_of
) AS day
WHERE list_contains($segments, Segment)
