-- How far each day's clusters agreed with those of the day before.
SELECT as_of_date AS day, k, previous_k, adjusted_rand_index, matched_agreement, customers_in_both
FROM ml.cluster_stability
WHERE as_of_date <= $as_of
ORDER BY day
