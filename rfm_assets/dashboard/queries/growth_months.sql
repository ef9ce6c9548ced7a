-- Sales by month of invoice. A month that began before the first delivery, or is not over, is not complete, and only
-- two complete months in a row are compared.
WITH month AS (
    SELECT
        month,
        sum(revenue) AS revenue,
        CAST(sum(customers) AS BIGINT) AS customers,
        sum(revenue - anonymous) AS customer_revenue
    FROM meta.growth_by_delivery
    WHERE processing_date <= $as_of
    GROUP BY month
), marked AS (
    SELECT
        *,
        month >= (SELECT min(processing_date) FROM meta.growth_by_delivery) AND last_day(month) <= $as_of AS complete,
        last_day(month) > $as_of AS running
    FROM month
)
SELECT
    month.month,
    month.revenue,
    month.customers,
    month.customer_revenue / nullif(month.customers, 0) AS revenue_per_customer,
    month.complete,
    month.running,
    100 * (month.revenue / nullif(before.revenue, 0) - 1) AS change
FROM marked AS month
LEFT JOIN marked AS before
    ON before.month = month.month - INTERVAL 1 MONTH AND before.complete AND month.complete
ORDER BY month.month
