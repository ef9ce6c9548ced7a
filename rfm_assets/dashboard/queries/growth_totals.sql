-- All sales as of a day, what of them came after an earlier day, and what RFM leaves out: anonymous sales, and what is
-- no product. An order came after that day when nothing of it had been delivered by then, however old it is.
WITH invoice AS (
    SELECT InvoiceNo, min(processing_date) AS first_delivered, bool_or(Amount = 0) AS is_free
    FROM silver.invoices
    WHERE processing_date <= $as_of
    GROUP BY InvoiceNo
)
SELECT *
FROM (
    SELECT
        coalesce(sum(Amount), 0) AS revenue,
        coalesce(sum(CASE WHEN processing_date > $since THEN Amount END), 0) AS revenue_since,
        coalesce(sum(CASE WHEN CustomerID IS NULL THEN Amount END), 0) AS anonymous,
        coalesce(sum(CASE WHEN CustomerID IS NOT NULL THEN Amount - coalesce(ProductAmount, 0) END), 0) AS no_product
    FROM silver.invoices
    WHERE processing_date <= $as_of
) AS amounts
CROSS JOIN (
    SELECT
        count(*) AS orders,
        count(*) FILTER (WHERE is_free) AS free_orders,
        count(*) FILTER (WHERE first_delivered > $since) AS orders_since
    FROM invoice
) AS counts
