-- What the overdue customers of some segments would spend in 30 days by their own history.
SELECT coalesce(sum(revenue_at_risk), 0) AS at_risk
FROM proof.expected_revenue
WHERE as_of_date = $as_of AND list_contains($segments, segment)
