-- Each record as a line of a daily file. Unreadable cells stay as delivered, and silver refuses them. An amount that is not
-- quantity times price, to the cent, goes into LineAmount; a fractional quantity becomes one unit at the line's amount.
SELECT
    record,
    table_number,
    seq,
    left_out,
    CASE WHEN is_refund THEN concat_ws('|', invoice, day) ELSE invoice END AS order_key,
    day,
    invoice AS Invoice,
    coalesce(product, $no_product) AS StockCode,
    description AS Description,
    CASE
        WHEN units IS NULL THEN quantity
        WHEN is_fraction THEN CASE WHEN is_refund OR units < 0 THEN '-1' ELSE '1' END
        WHEN is_refund THEN CAST(-abs(CAST(units AS BIGINT)) AS VARCHAR)
        ELSE CAST(CAST(units AS BIGINT) AS VARCHAR)
    END AS Quantity,
    coalesce(CAST(price AS VARCHAR), amount_text) AS Price,
    customer AS CustomerID,
    country AS Country,
    coalesce(CAST(day AS VARCHAR), placed) AS InvoiceDate,
    CASE
        WHEN price IS NULL OR amount IS NULL OR (NOT is_fraction AND $rounded) THEN NULL
        WHEN NOT is_fraction AND abs(units) * price = CASE WHEN is_refund THEN abs(amount) ELSE amount * sign(units) END THEN NULL
        WHEN is_refund THEN -abs(amount)
        ELSE amount
    END AS LineAmount,
    upper(currency) AS Currency,
    amount,
    coalesce(is_fraction, false) AS is_fraction,
    CASE WHEN NOT is_refund AND refunded_sum <> 0 THEN CAST(abs(refunded_sum) AS DECIMAL(18, 2)) END AS refunded,
    $refund_per_line AS refund_per_line,
    refund_day
FROM (
    SELECT
        *,
        CAST(CASE
            WHEN is_fraction THEN abs(amount)
            WHEN $price_is_stated THEN CASE WHEN is_refund THEN abs(money) ELSE money END
            WHEN is_refund THEN abs(amount / units)
            ELSE amount / units
        END AS DECIMAL(18, 2)) AS price
    FROM (SELECT *, units <> trunc(units) AS is_fraction FROM ($valued))
)
