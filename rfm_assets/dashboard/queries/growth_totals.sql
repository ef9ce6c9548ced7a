-- All sales as of a day; those delivered after an earlier day, and between a still earlier day and that one; and what RFM
-- leaves out: anonymous sales, and non-products. An order counts on the day of its first delivery, however old it is.
SELECT
    coalesce(sum(revenue), 0) AS revenue,
    coalesce(sum(revenue) FILTER (processing_date > $before), 0) AS revenue_now,
    coalesce(sum(revenue) FILTER (processing_date > $since AND processing_date <= $before), 0) AS revenue_before,
    coalesce(sum(anonymous), 0) AS anonymous,
    coalesce(sum(no_product), 0) AS no_product,
    CAST(coalesce(sum(orders), 0) AS BIGINT) AS orders,
    CAST(coalesce(sum(free_orders), 0) AS BIGINT) AS free_orders,
    CAST(coalesce(sum(orders) FILTER (processing_date > $before), 0) AS BIGINT) AS orders_now,
    CAST(coalesce(sum(orders) FILTER (processing_date > $since AND processing_date <= $before), 0) AS BIGINT) AS orders_before
FROM meta.growth_by_delivery
WHERE processing_date <= $as_of
