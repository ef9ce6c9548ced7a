-- All sales as of a day, what of them came after an earlier day, and what RFM leaves out: anonymous sales, and what is
-- no product.
SELECT
    coalesce(sum(Amount), 0) AS revenue,
    count(DISTINCT InvoiceNo) AS orders,
    count(DISTINCT CASE WHEN Amount = 0 THEN InvoiceNo END) AS free_orders,
    coalesce(sum(CASE WHEN processing_date > $since THEN Amount END), 0) AS revenue_since,
    count(DISTINCT CASE WHEN processing_date > $since THEN InvoiceNo END) AS orders_since,
    coalesce(sum(CASE WHEN CustomerID IS NULL THEN Amount END), 0) AS anonymous,
    coalesce(sum(CASE WHEN CustomerID IS NOT NULL THEN Amount - coalesce(ProductAmount, 0) END), 0) AS no_product
FROM silver.invoices
WHERE processing_date <= $as_of
