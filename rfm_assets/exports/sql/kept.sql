-- The lines of an export as kept: lines without a readable day get their order's day, else the newest.
SELECT
    * EXCLUDE (is_fraction, table_number),
    coalesce(lines.day, days_of_orders.day, DATE '$last_day') AS file_day
FROM lines
LEFT JOIN (
    SELECT order_key AS dated_key, min(day) AS day
    FROM lines
    WHERE order_key IN (SELECT order_key FROM lines WHERE day IS NULL)
    GROUP BY order_key
) AS days_of_orders ON lines.day IS NULL AND lines.order_key = dated_key
ORDER BY file_day
