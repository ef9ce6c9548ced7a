-- The lines that silver refused, typed: whether each takes something back, whether it does so as a cancellation, which a
-- sound source delivers too, and whether it is of a file that is left out.
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
