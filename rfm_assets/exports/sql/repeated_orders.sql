-- Sheets and members of one export may overlap: of an order that two of them have a line of, the last one's lines count.
-- An order that merely goes on in the next table keeps all of its lines.
SELECT * EXCLUDE (repeated_key, last_table) REPLACE (
    CASE WHEN left_out IS NULL AND table_number < last_table THEN 'again in a later table' ELSE left_out END AS left_out
)
FROM lines
LEFT JOIN (
    SELECT order_key AS repeated_key, max(last_table) AS last_table
    FROM (
        SELECT order_key, min(table_number) AS first_table, max(table_number) AS last_table
        FROM lines
        WHERE left_out IS NULL AND order_key IS NOT NULL
        GROUP BY order_key, StockCode, Quantity, Price, InvoiceDate
    )
    WHERE first_table < last_table
    GROUP BY order_key
) AS repeated ON repeated_key = lines.order_key
