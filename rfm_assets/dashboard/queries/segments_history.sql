-- Sizes and revenue of the chosen segments on the days up to one, every so many days.
SELECT as_of_date AS day, Segment AS segment, Customer_Count AS customers, Total_Revenue AS revenue
FROM gold.segment_summary
WHERE
    as_of_date <= $as_of
    AND datediff('day', as_of_date, $as_of) % $every = 0
    AND list_contains($segments, Segment)
ORDER BY day
