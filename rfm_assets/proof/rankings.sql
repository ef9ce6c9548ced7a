-- How each method ranks the customers of a cut, the best highest, from what the cut knew: there are no invoices here.
WITH known AS (
    SELECT
        cut.measured_on,
        cut.as_of_date,
        cut.horizon_days,
        placed.CustomerID,
        placed.segment,
        placed.Recency,
        placed.Frequency,
        placed.Monetary,
        scores.R_Score + scores.F_Score + scores.M_Score AS quintile_sum,
        scores.Value_Score,
        scores.Overdue
    FROM cut
    JOIN customer_segments AS placed ON placed.as_of_date = cut.as_of_date
    JOIN customer_scores AS scores ON scores.as_of_date = placed.as_of_date AND scores.CustomerID = placed.CustomerID
),

past AS (
    -- What a customer of each segment spent on average within earlier horizons that had ended by the cut.
    SELECT
        cut.measured_on,
        cut.horizon_days,
        earlier.segment,
        CAST(sum(earlier.revenue) AS DOUBLE) / sum(earlier.customers) AS mean_spent
    FROM cut
    JOIN segment_outcomes AS earlier
        ON earlier.horizon_days = cut.horizon_days AND earlier.measured_on <= cut.as_of_date
    GROUP BY cut.measured_on, cut.horizon_days, earlier.segment
)

SELECT
    known.measured_on,
    known.as_of_date,
    known.horizon_days,
    known.CustomerID,
    'Segment' AS method,
    coalesce(past.mean_spent, 0) AS score
FROM known
JOIN (SELECT DISTINCT measured_on, horizon_days FROM past) AS proven
    ON proven.measured_on = known.measured_on AND proven.horizon_days = known.horizon_days
LEFT JOIN past
    ON past.measured_on = known.measured_on
    AND past.horizon_days = known.horizon_days
    AND past.segment = known.segment
UNION ALL
SELECT measured_on, as_of_date, horizon_days, CustomerID, 'Quintile sum', CAST(quintile_sum AS DOUBLE) FROM known
UNION ALL
SELECT measured_on, as_of_date, horizon_days, CustomerID, 'Recency', CAST(-Recency AS DOUBLE) FROM known
UNION ALL
SELECT measured_on, as_of_date, horizon_days, CustomerID, 'Frequency', CAST(Frequency AS DOUBLE) FROM known
UNION ALL
SELECT measured_on, as_of_date, horizon_days, CustomerID, 'Monetary', CAST(Monetary AS DOUBLE) FROM known
UNION ALL
SELECT measured_on, as_of_date, horizon_days, CustomerID, 'Value_Score', round(Value_Score * 1000000000) FROM known
UNION ALL
SELECT
    measured_on, as_of_date, horizon_days, CustomerID, 'Overdue', CAST(CASE WHEN Overdue THEN 0 ELSE 1 END AS DOUBLE)
FROM known
