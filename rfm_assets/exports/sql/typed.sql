-- What the texts of each record mean, and the number of the order it belongs to.
SELECT
    * EXCLUDE (is_refund, is_refund_row),
    is_refund_row AS is_refund,
    CASE
        WHEN is_refund_row AND NOT coalesce(starts_with(lower(order_number), lower($prefix)), false) THEN $mark || order_number
        ELSE order_number
    END AS invoice
FROM (
    SELECT
        *,
        $order_number AS order_number,
        is_refund OR ($negative AND coalesce(units < 0 OR money < 0, false)) AS is_refund_row
    FROM (
        SELECT
            mapped.*,
            days.day,
            $units AS units,
            read_number(mapped.amount) AS money,
            $unit_discount AS unit_discount,
            $line_discount AS line_discount,
            $order_discount AS order_discount,
            read_number(mapped.refunded) AS refunded_sum,
            $refund_day AS refund_day
        FROM $mapped AS mapped
        LEFT JOIN days ON days.text = mapped.placed
        $refund_days
    )
)
