-- Refunds as cancellation lines: what was paid back, over the lines of the order's newest version.
SELECT
    newest.* EXCLUDE (file_day) REPLACE (
        $mark || Invoice AS order_key,
        $mark || Invoice AS Invoice,
        '-1' AS Quantity,
        CAST(refunds.refund_day AS VARCHAR) AS InvoiceDate,
        refunds.refund_day AS refund_day
    ),
    refunds.refund_rank,
    refunds.total,
    CASE WHEN refund_per_line THEN refunded ELSE amount END AS refund_weight
FROM newest
JOIN refunds ON refunds.order_key = newest.order_key
WHERE newest.amount > 0 OR refund_per_line
