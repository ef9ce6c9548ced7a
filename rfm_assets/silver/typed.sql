-- Each bronze line as delivered, with its texts as numbers, days and ids (NULL if they are none).
-- Text that is not plain is trimmed, and becomes a number by pattern, so that '12.7', '1e3' or '1,000' is not a quantity
-- on any engine.
SELECT
    *,
    CASE
        WHEN plain_quantity IS NOT NULL
        THEN plain_quantity
        WHEN regexp_matches(trimmed_quantity, '^[+-]?[0-9]+([.]0*)?$')
        THEN TRY_CAST(regexp_replace(trimmed_quantity, '[.]0*$', '') AS INTEGER)
    END AS typed_quantity,
    CASE
        WHEN plain_price IS NOT NULL
        THEN plain_price
        WHEN regexp_matches(trimmed_price, '^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)$')
        THEN TRY_CAST(trimmed_price AS DECIMAL(10, 2))
    END AS typed_price,
    CASE
        WHEN plain_price IS NOT NULL
        THEN CAST(plain_price AS DECIMAL(18, 6))
        WHEN regexp_matches(trimmed_price, '^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)$')
        THEN TRY_CAST(trimmed_price AS DECIMAL(18, 6))
    END AS typed_exact_price,
    CASE
        WHEN plain_line_amount IS NOT NULL
        THEN plain_line_amount
        WHEN regexp_matches(trimmed_line_amount, '^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)$')
        THEN TRY_CAST(trimmed_line_amount AS DECIMAL(18, 2))
    END AS typed_line_amount,
    CASE
        WHEN plain_date IS NOT NULL
        THEN plain_date
        WHEN regexp_matches(trimmed_date, '^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{1,2}:[0-9]{2}.*)?$')
        THEN TRY_CAST(substr(trimmed_date, 1, 10) AS DATE)
    END AS typed_date,
    CASE
        WHEN regexp_matches(trimmed_customer, '^[0-9]+[.]0$')
        THEN substr(trimmed_customer, 1, length(trimmed_customer) - 2)
        WHEN regexp_matches(trimmed_customer, '^[0-9]+[.]00+$')
        THEN regexp_replace(trimmed_customer, '[.]0+$', '')
        WHEN $is_email
        THEN $small_customer
        ELSE trimmed_customer
    END AS typed_customer,
    $is_cancellation AS is_cancellation
FROM trimmed
