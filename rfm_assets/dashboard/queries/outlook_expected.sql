-- What a customer of a segment is expected to spend in 30 days, on average; empty where that is not known yet.
SELECT
    CAST(expected_revenue AS DOUBLE) / customers AS expected,
    CAST(expected_low AS DOUBLE) / customers AS low,
    CAST(expected_high AS DOUBLE) / customers AS high
FROM proof.expected_revenue
WHERE as_of_date = $as_of AND segment = $segment AND expected_revenue IS NOT NULL
