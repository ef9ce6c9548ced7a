-- All sales as of a day, what of them came after an earlier day, and what RFM leaves out: anonymous sales, and what is
-- no product. An order came after that day when nothing of it had been delivered by then, however old it is.
SELECT
    coalesce(sum(Amount), 0) AS revenue,
    count(DISTINCT InvoiceNo) AS orders,
    count(DISTINCT CASE WHEN Amount = 0 THEN InvoiceNo END) AS free_orders,
    coalesce(sum(CASE WHEN processing_date > $since THEN Amount END), 0) AS revenue_since,
    (
        SELECT count(DISTINCT InvoiceNo)
        FROM silver.invoices AS recent
        WHERE processing_date > $since AND processing_date <= $as_of AND NOT EXISTS (
            SELECT 1 FROM silver.invoices AS earlier
            WHERE earlier.processing_date <= $since AND earlier.InvoiceNo = recent.InvoiceNo
        )
    ) AS orders_since,
    coalesce(sum(CASE WHEN CustomerID IS NULL THEN Amount END), 0) AS anonymous,
    coalesce(sum(CASE WHEN CustomerID IS NOT NULL THEN Amount - coalesce(ProductAmount, 0) END), 0) AS no_product
FROM silver.invoices
WHERE processing_date <= $as_of
