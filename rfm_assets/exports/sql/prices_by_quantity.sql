-- Of the products sold in several quantities: how many have the same price at each, and how many a price per unit.
SELECT
    count(*) FILTER (highest <= lowest * 1.005),
    count(*) FILTER (highest > lowest * 1.005 AND highest_of_unit <= lowest_of_unit * 1.005)
FROM (
    SELECT
        min(price) AS lowest,
        max(price) AS highest,
        min(price / units) AS lowest_of_unit,
        max(price / units) AS highest_of_unit
    FROM (
        SELECT product, abs(read_number(quantity)) AS units, median(abs(read_number(amount))) AS price
        FROM mapped
        WHERE left_out IS NULL AND product IS NOT NULL AND read_number(quantity) <> 0 AND read_number(amount) <> 0
        GROUP BY ALL
    )
    GROUP BY product
    HAVING count(DISTINCT units) > 1
)
