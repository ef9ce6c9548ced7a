-- The days on which the segment policy changed; days made before policies existed have none.
SELECT as_of_date AS day
FROM gold.segment_thresholds
WHERE as_of_date <= $as_of
QUALIFY policy <> lag(policy) OVER (ORDER BY as_of_date)
ORDER BY day
