-- How an amount grows with the quantity, over all lines, among those of one product: 1 is a line's total, 0 a unit's price.
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
