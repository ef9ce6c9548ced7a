-- The outcome of each segment at the newest cut whose horizon had ended by a day. The lift's interval is derived from the
-- revenue's.
SELECT
    as_of_date,
    measured_on,
    segment,
    customers,
    buyers,
    100 * purchase_rate AS rate,
    100 * purchase_rate_low AS rate_low,
    100 * purchase_rate_high AS rate_high,
    revenue,
    revenue_low,
    revenue_high,
    lift,
    lift * CAST(revenue_low AS DOUBLE) / CAST(nullif(revenue, 0) AS DOUBLE) AS lift_low,
    lift * CAST(revenue_high AS DOUBLE) / CAST(nullif(revenue, 0) AS DOUBLE) AS lift_high
FROM proof.segment_outcomes
WHERE horizon_days = $horizon
    AND measured_on = (
        SELECT max(measured_on) FROM proof.segment_outcomes WHERE horizon_days = $horizon AND measured_on <= $as_of
    )
