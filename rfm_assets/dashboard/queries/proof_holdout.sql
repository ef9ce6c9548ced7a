-- What those held out of the lists of a day, and the rest, spent after it: in each segment, and altogether. `audience`
-- holds the customers of the lists.
SELECT
    segment,
    Holdout AS held_out,
    count(*) AS customers,
    count(*) FILTER (spent > 0) AS buyers,
    sum(spent) AS revenue,
    coalesce(var_samp(spent), 0) AS variance
FROM (
    SELECT audience.segment, audience.Holdout, CAST(coalesce(since.spent, 0) AS DOUBLE) AS spent
    FROM audience
    LEFT JOIN (
        SELECT CustomerID, sum(ProductAmount) AS spent
        FROM silver.invoices
        WHERE processing_date > $day AND processing_date <= $last
        GROUP BY CustomerID
    ) AS since ON since.CustomerID = audience.stored_id
) AS customer
GROUP BY GROUPING SETS ((Holdout), (segment, Holdout))
