-- Splits the lines in one cell of an order into a row each, in order. A record without any stays one row.
SELECT
    * EXCLUDE (items, item) REPLACE (
        CASE WHEN item IS NULL THEN product ELSE nullif(trim(regexp_extract(item, $product_pattern, 1)), '') END AS product,
        CASE WHEN item IS NULL THEN quantity ELSE coalesce(nullif($item_quantity, ''), '1') END AS quantity,
        CASE WHEN item IS NULL THEN amount ELSE $item_amount END AS amount
    )
FROM (
    SELECT *, unnest(items) AS item, generate_subscripts(items, 1) AS seq
    FROM (
        SELECT
            *,
            coalesce(
                nullif(list_filter(regexp_split_to_array(packed, $between), one -> trim(one) <> ''), []),
                [NULL]
            ) AS items
        FROM mapped
    )
)
