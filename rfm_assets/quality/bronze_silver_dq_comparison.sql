-- The same defects counted before and after the rules; a delivered day always has both rows.
WITH line AS (
    SELECT
        processing_date,
        'bronze_transactions_raw' AS table_layer,
        trimmed_invoice AS invoice,
        trimmed_stock_code AS stock_code,
        typed_quantity AS quantity,
        typed_date AS invoice_date,
        typed_price AS price,
        typed_customer AS customer
    FROM typed
    UNION ALL
    SELECT
        processing_date,
        'silver_transactions_clean',
        InvoiceNo,
        StockCode,
        Quantity,
        InvoiceDate,
        UnitPrice,
        CustomerID
    FROM valid
),

counted AS (
    SELECT
        processing_date,
        table_layer,
        count(*) AS total_records,
        count(*) FILTER (WHERE invoice IS NULL) AS null_invoice,
        count(*) FILTER (WHERE NOT $is_invoice) AS bad_invoice,
        count(*) FILTER (WHERE stock_code IS NULL) AS null_stock_code,
        count(*) FILTER (WHERE quantity IS NULL) AS null_quantity,
        count(*) FILTER (WHERE quantity <= 0) AS bad_quantity,
        count(*) FILTER (WHERE invoice_date IS NULL) AS null_invoice_date,
        count(*) FILTER (WHERE price < 0) AS bad_price,
        count(*) FILTER (WHERE customer IS NULL) AS null_customer_id
    FROM line
    GROUP BY processing_date, table_layer
),

expected AS (
    SELECT day.processing_date, layer.table_layer
    FROM (SELECT DISTINCT processing_date FROM typed) AS day
    CROSS JOIN (VALUES ('bronze_transactions_raw'), ('silver_transactions_clean')) AS layer(table_layer)
)

SELECT
    expected.processing_date,
    expected.table_layer,
    coalesce(total_records, 0) AS total_records,
    coalesce(null_invoice, 0) AS null_invoice,
    coalesce(bad_invoice, 0) AS bad_invoice,
    coalesce(null_stock_code, 0) AS null_stock_code,
    coalesce(null_quantity, 0) AS null_quantity,
    coalesce(bad_quantity, 0) AS bad_quantity,
    coalesce(null_invoice_date, 0) AS null_invoice_date,
    coalesce(bad_price, 0) AS bad_price,
    coalesce(null_customer_id, 0) AS null_customer_id
FROM expected
LEFT JOIN counted
    ON counted.processing_date = expected.processing_date AND counted.table_layer = expected.table_layer
