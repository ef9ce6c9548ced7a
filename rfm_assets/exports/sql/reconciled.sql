-- Each order, or line, that states a total: what its lines come to as declared and in the other reading.
SELECT
    key,
    comes_to,
    stated,
    abs(comes_to - stated) <= $minor AS fits,
    abs(comes_to_other - stated) <= $minor AS fits_other
FROM (
    SELECT
        $key AS key,
        sum($declared - ($discount)) - ($order_discount) AS comes_to,
        sum($other - ($discount)) - ($order_discount) AS comes_to_other,
        $stated AS stated
    FROM (
        SELECT
            *,
            number AS order_number,
            $units AS units,
            read_number(amount) AS money,
            read_number(total_order) AS total_order_amount,
            read_number(total_line) AS total_line_amount
        FROM mapped
        WHERE left_out IS NULL AND number IS NOT NULL
    )
    GROUP BY $key
)
WHERE stated IS NOT NULL AND comes_to IS NOT NULL
