-- The lines that fail no rule, typed.
SELECT
    trimmed_invoice AS InvoiceNo,
    trimmed_stock_code AS StockCode,
    Description,
    typed_quantity AS Quantity,
    typed_price AS UnitPrice,
    customer AS CustomerID,
    Country,
    typed_date AS InvoiceDate,
    ingestion_timestamp,
    source_file,
    processing_date,
    is_cancellation AS IsCancellation,
    CAST(coalesce(typed_line_amount, $quantity_times_price) AS DECIMAL(21, 2)) AS TotalPrice,
    CAST(year(typed_date) AS INTEGER) AS Year,
    CAST(month(typed_date) AS INTEGER) AS Month,
    CAST(isodow(typed_date) % 7 + 1 AS INTEGER) AS DayOfWeek,
    trimmed_invoice || '_' || trimmed_stock_code || '_' || CAST(typed_quantity AS VARCHAR) AS SurrogateKey,
    typed_line_amount AS LineAmount,
    typed_exact_price AS ExactUnitPrice
FROM judged
WHERE failed_rules = ''
