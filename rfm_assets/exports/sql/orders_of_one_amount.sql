-- Of the orders with several lines of different products: how many have one amount on all lines, and how many there are.
SELECT count(*) FILTER (amounts = 1), count(*)
FROM (
    SELECT count(DISTINCT amount) AS amounts
    FROM mapped
    WHERE left_out IS NULL AND amount IS NOT NULL AND number IS NOT NULL
    GROUP BY number
    HAVING count(*) > 1 AND count(DISTINCT coalesce(product, '') || ' x ' || coalesce(quantity, '')) > 1
)
