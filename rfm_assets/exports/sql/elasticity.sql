-- How an amount grows with the quantity within products, over all lines: 1 for a line total, 0 for a unit price.
SELECT regr_slope(price, units), count(*) FILTER (units <> 0)
FROM (
    SELECT
        ln(price) - avg(ln(price)) OVER (PARTITION BY product) AS price,
        ln(units) - avg(ln(units)) OVER (PARTITION BY product) AS units
    FROM (
        SELECT
            product,
            CAST(abs(read_number(quantity)) AS DOUBLE) AS units,
            CAST(abs(read_number(amount)) AS DOUBLE) AS price
        FROM mapped
        WHERE left_out IS NULL AND read_number(quantity) <> 0 AND read_number(amount) <> 0
    )
)
