-- The largest moves of the week up to the day.
SELECT from_segment AS "from", to_segment AS "to", Customer_Count AS customers, purchased, aged, threshold
FROM gold.segment_migration
WHERE as_of_date = $day AND compared_to = $day - 7 AND from_segment <> to_segment
ORDER BY customers DESC, "from", "to"
LIMIT 15
