-- The lines that silver refused, typed, and whether each is a return, which a sound source delivers too, or of a file that
-- is left out.
SELECT
    *,
    failed_rules = 'valid_quantity' AND coalesce(is_cancellation AND typed_quantity < 0, false) AS is_return,
    contains(failed_rules, 'not_delivered_before') AS is_repeated
FROM typed
