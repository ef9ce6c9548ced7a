-- The values of most texts, which need neither trimming nor a pattern: texts that equal their value written as text.
SELECT
    *,
    CASE
        WHEN CAST(TRY_CAST(Quantity AS INTEGER) AS VARCHAR) = Quantity
        THEN TRY_CAST(Quantity AS INTEGER)
    END AS plain_quantity,
    CASE
        WHEN CAST(TRY_CAST(Price AS DECIMAL(10, 2)) AS VARCHAR) = Price
        THEN TRY_CAST(Price AS DECIMAL(10, 2))
    END AS plain_price,
    CASE
        WHEN CAST(TRY_CAST(LineAmount AS DECIMAL(18, 2)) AS VARCHAR) = LineAmount
        THEN TRY_CAST(LineAmount AS DECIMAL(18, 2))
    END AS plain_line_amount,
    CASE
        WHEN length(InvoiceDate) = 10 AND CAST(TRY_CAST(InvoiceDate AS DATE) AS VARCHAR) = InvoiceDate
        THEN TRY_CAST(InvoiceDate AS DATE)
    END AS plain_date
FROM delivered
