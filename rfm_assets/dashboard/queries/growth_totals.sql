-- All sales as of a day, and what of them RFM leaves out: anonymous sales, and what is no product.
SELECT
    count(DISTINCT CustomerID) AS customers,
    coalesce(sum(Amount), 0) AS revenue,
    count(DISTINCT InvoiceNo) AS orders,
    count(DISTINCT CASE WHEN Amount > 0 THEN InvoiceNo END) AS paid_orders,
    sum(Amount) / nullif(count(DISTINCT InvoiceNo), 0) AS order_value,
    sum(Amount) / nullif(count(DISTINCT CASE WHEN Amount > 0 THEN InvoiceNo END), 0) AS paid_order_value,
    coalesce(sum(CASE WHEN CustomerID IS NULL THEN Amount END), 0) AS anonymous,
    coalesce(sum(CASE WHEN CustomerID IS NOT NULL THEN Amount - coalesce(ProductAmount, 0) END), 0) AS no_product
FROM silver.invoices
WHERE processing_date <= $as_of
