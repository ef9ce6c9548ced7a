-- The lines of the daily files.
SELECT
    file_day,
    order_key,
    record,
    seq,
    refund_rank,
    Invoice,
    StockCode,
    Description,
    Quantity,
    Price,
    CustomerID AS "Customer ID",
    Country,
    InvoiceDate,
    CAST(LineAmount AS VARCHAR) AS LineAmount,
    Currency,
    export || ':' || record AS SourceRecord
FROM (
    SELECT *, 0 AS refund_rank FROM newest
    UNION ALL BY NAME
    SELECT * EXCLUDE (share) REPLACE (CAST(share AS VARCHAR) AS Price, CAST(NULL AS DECIMAL(18, 2)) AS LineAmount), refund_day AS file_day
    FROM refunded
    WHERE share > 0
)
WHERE $condition
