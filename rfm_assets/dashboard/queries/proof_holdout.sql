-- What held-out and other customers of a day's lists spent afterwards, by segment and in total. `audience` has the customers
-- of the lists. In net money, later returns are deducted.
SELECT
    segment,
    Holdout AS held_out,
    count(*) AS customers,
    count(*) FILTER (bought) AS buyers,
    sum(spent) AS revenue,
    coalesce(var_samp(spent), 0) AS variance
FROM (
    SELECT
        audience.segment,
        audience.Holdout,
        CAST(coalesce(since.spent, 0) AS DOUBLE) AS spent,
        coalesce(since.bought, false) AS bought
    FROM audience
    LEFT JOIN (
        SELECT CustomerID, sum(amount) AS spent, max(amount) > 0 AS bought
        FROM (
            SELECT processing_date, CustomerID, ProductAmount AS amount FROM silver.invoices
            UNION ALL
            SELECT processing_date, CustomerID, -Amount FROM silver.returns WHERE CountsForCustomer AND $is_net
        ) AS money
        WHERE processing_date > $day AND processing_date <= $last
        GROUP BY CustomerID
    ) AS since ON since.CustomerID = audience.stored_id
) AS customer
GROUP BY GROUPING SETS ((Holdout), (segment, Holdout))
