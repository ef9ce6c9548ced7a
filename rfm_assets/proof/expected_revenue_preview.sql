-- What is expected of each segment within 30 days, and what is at risk.
SELECT segment, customers, expected_revenue AS expected, expected_low, expected_high, overdue_customers, revenue_at_risk
FROM proof.expected_revenue
WHERE as_of_date = $day
ORDER BY expected DESC, segment
