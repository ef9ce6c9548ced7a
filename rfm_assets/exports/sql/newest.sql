-- The lines of each order's newest version. Lines without an order's number belong to none, and all stay.
SELECT versions.*
FROM versions
LEFT JOIN (SELECT order_key AS newest_key, max(rank) AS newest_rank FROM versions GROUP BY order_key) AS newest
    ON newest_key = versions.order_key
WHERE versions.left_out IS NULL AND (versions.order_key IS NULL OR versions.rank = newest_rank)
