-- The lines that silver refused, typed: whether each is a return, whether as a cancellation, which clean sources deliver,
-- too, and whether its file is skipped.
SELECT
    *,
    takes_back AND coalesce(is_cancellation, false) AS is_return,
    contains(failed_rules, 'not_delivered_before') AS is_repeated
FROM (
    SELECT
        *,
        failed_rules = 'valid_quantity' AND coalesce(typed_quantity < 0, false) AS takes_back
    FROM typed
) AS line
