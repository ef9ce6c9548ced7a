-- Returns in the week to a day, and in an average week of the four before; empty if those are not stored.
SELECT
    max(returned) FILTER (as_of_date = $as_of) - max(returned) FILTER (as_of_date = $as_of - 7) AS week,
    (max(returned) FILTER (as_of_date = $as_of - 7) - max(returned) FILTER (as_of_date = $as_of - 35)) / 4 AS usual
FROM (
    SELECT as_of_date, CAST(sum(Returned) AS DECIMAL(38, 2)) AS returned
    FROM gold.customer_money
    WHERE as_of_date IN ($as_of, $as_of - 7, $as_of - 35)
    GROUP BY as_of_date
) AS total
