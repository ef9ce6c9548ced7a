-- The chosen segments of a day.
SELECT *
FROM gold.segment_summary
WHERE as_of_date = $as_of AND list_contains($segments, Segment)
