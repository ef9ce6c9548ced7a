-- The days from which on the customers were divided by another policy; days from before there were policies have none.
SELECT as_of_date AS day
FROM gold.segment_thresholds
WHERE as_of_date <= $as_of
QUALIFY policy <> lag(policy) OVER (ORDER BY as_of_date)
ORDER BY day
