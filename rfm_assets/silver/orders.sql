-- Sales with their order: the invoice number, with a count if earlier orders have used the number.
SELECT
    line.*,
    CASE
        WHEN repeated_number.nth > 1 THEN line.number || ' (' || CAST(repeated_number.nth AS VARCHAR) || ')'
        ELSE line.number
    END AS OrderNo
FROM line
LEFT JOIN repeated_number
    ON repeated_number.number = line.number AND repeated_number.InvoiceDate = line.InvoiceDate
