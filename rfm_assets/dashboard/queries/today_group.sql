-- How many of a group are in the chosen segments, their total spend, and their spend in the 365 days to the day.
WITH customer AS (
    SELECT CustomerID, Monetary
    FROM gold.customer_segments
    WHERE as_of_date = $as_of AND list_contains($segments, segment) AND CustomerID IN (SELECT CustomerID FROM members)
)

SELECT
    count(*) AS customers,
    coalesce(sum(Monetary), 0) AS spent,
    (
        SELECT coalesce(sum(ProductAmount), 0)
        FROM silver.invoices
        WHERE processing_date > $as_of - 365 AND processing_date <= $as_of
            AND CustomerID IN (SELECT CustomerID FROM customer)
    ) AS spent_in_a_year
FROM customer
