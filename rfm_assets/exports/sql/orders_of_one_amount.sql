-- Of the orders with several lines of different products: how many have one amount on all lines, and how many there are;
-- and how likely two orders have the same amount. No two that do may be chance, so one such pair is added.
SELECT
    count(*) FILTER (lines > 1 AND different > 1 AND amounts = 1),
    count(*) FILTER (lines > 1 AND different > 1),
    (
        SELECT coalesce((sum(orders * (orders - 1)) + 1) / (sum(orders) * (sum(orders) - 1) + 1), 1)
        FROM (
            SELECT count(DISTINCT number) AS orders
            FROM mapped
            WHERE left_out IS NULL AND amount IS NOT NULL AND number IS NOT NULL
            GROUP BY amount
        )
    )
FROM (
    SELECT
        count(*) AS lines,
        count(DISTINCT amount) AS amounts,
        count(DISTINCT coalesce(product, '') || ' x ' || coalesce(quantity, '')) AS different
    FROM mapped
    WHERE left_out IS NULL AND amount IS NOT NULL AND number IS NOT NULL
    GROUP BY number
)
