-- All sales as of a day, what of them came after an earlier day, and what RFM leaves out: anonymous sales, and what is
-- no product. An order came after that day when nothing of it had been delivered by then, however old it is.
SELECT
    coalesce(sum(revenue), 0) AS revenue,
    coalesce(sum(revenue) FILTER (processing_date > $since), 0) AS revenue_since,
    coalesce(sum(anonymous), 0) AS anonymous,
    coalesce(sum(no_product), 0) AS no_product,
    CAST(coalesce(sum(orders), 0) AS BIGINT) AS orders,
    CAST(coalesce(sum(free_orders), 0) AS BIGINT) AS free_orders,
    CAST(coalesce(sum(orders) FILTER (processing_date > $since), 0) AS BIGINT) AS orders_since
FROM meta.growth_by_delivery
WHERE processing_date <= $as_of
