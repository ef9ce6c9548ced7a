-- The lines that silver refused, typed, and whether each is a return, which a sound source delivers too.
SELECT
    *,
    failed_rules = 'valid_quantity' AND coalesce(is_cancellation AND typed_quantity < 0, false) AS is_return
FROM typed
