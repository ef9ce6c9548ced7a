-- The part of an order's refunds that each export is the first to show, limited to what newer exports still show.
SELECT order_key, rank AS refund_rank, refund_day, paid AS total
FROM (
    SELECT *, effective - lag(effective, 1, 0) OVER (PARTITION BY order_key ORDER BY rank) AS paid
    FROM (
        SELECT *,
            min(total) OVER (
                PARTITION BY order_key ORDER BY rank ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
            ) AS effective
        FROM (
            SELECT
                order_key,
                rank,
                coalesce(max(refund_day), max(export_day)) AS refund_day,
                coalesce(CASE WHEN bool_or(refund_per_line) THEN sum(refunded) ELSE max(refunded) END, 0) AS total
            FROM versions
            WHERE order_key IN (SELECT order_key FROM versions WHERE refunded > 0)
            GROUP BY order_key, rank
        )
    )
)
WHERE paid > 0
