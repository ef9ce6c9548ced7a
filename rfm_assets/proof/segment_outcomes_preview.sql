-- What each segment did, for the cuts whose horizon ended on the day.
SELECT
    as_of_date AS cut,
    horizon_days AS days,
    segment,
    customers,
    round(1000 * purchase_rate) / 10 AS "bought, %",
    revenue,
    round(100 * lift) / 100 AS lift
FROM proof.segment_outcomes
WHERE measured_on = $day
ORDER BY days, revenue DESC
