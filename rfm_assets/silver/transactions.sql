-- The lines that fail no rule, typed.
SELECT
    Invoice AS InvoiceNo,
    StockCode,
    Description,
    typed_quantity AS Quantity,
    typed_price AS UnitPrice,
    typed_customer AS CustomerID,
    Country,
    typed_date AS InvoiceDate,
    ingestion_timestamp,
    source_file,
    processing_date,
    substr(Invoice, 1, 1) IN ('c', 'C') AS IsCancellation,
    -- Widened first: the product of the largest values does not fit the type that both give by themselves.
    CAST(typed_quantity * CAST(typed_price AS DECIMAL(21, 2)) AS DECIMAL(21, 2)) AS TotalPrice,
    CAST(year(typed_date) AS INTEGER) AS Year,
    CAST(month(typed_date) AS INTEGER) AS Month,
    CAST(isodow(typed_date) % 7 + 1 AS INTEGER) AS DayOfWeek,
    Invoice || '_' || StockCode || '_' || CAST(typed_quantity AS VARCHAR) AS SurrogateKey
FROM judged
WHERE failed_rules = ''
