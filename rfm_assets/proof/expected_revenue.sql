-- The expected 30-day spend of each segment: as much per customer as in the latest 30 days measured by then. And what its
-- overdue customers would spend in 30 days by their own history: one mean order per typical gap. Customers with a single
-- order have no history.
WITH newest AS (
    SELECT calendar.as_of_date, max(measured.measured_on) AS measured_on
    FROM calendar
    JOIN (SELECT DISTINCT measured_on FROM segment_outcomes WHERE horizon_days = 30) AS measured
        ON measured.measured_on <= calendar.as_of_date
    GROUP BY calendar.as_of_date
),

today AS (
    SELECT
        placed.as_of_date,
        placed.segment,
        count(*) AS customers,
        count(*) FILTER (WHERE scores.Overdue) AS overdue,
        sum(
            CASE
                WHEN scores.Overdue AND placed.Frequency > 1
                THEN greatest(CAST(placed.Monetary AS DOUBLE), 0) / placed.Frequency * 30 / scores.Typical_Gap_Days
                ELSE 0
            END
        ) AS at_risk
    FROM customer_segments AS placed
    JOIN customer_scores AS scores ON scores.as_of_date = placed.as_of_date AND scores.CustomerID = placed.CustomerID
    GROUP BY placed.as_of_date, placed.segment
)

SELECT
    today.as_of_date,
    today.segment,
    today.customers,
    CAST(round(100 * (earlier.revenue / earlier.customers * today.customers)) / 100 AS DECIMAL(38, 2)) AS expected_revenue,
    CAST(round(100 * (earlier.revenue_low / earlier.customers * today.customers)) / 100 AS DECIMAL(38, 2)) AS expected_low,
    CAST(round(100 * (earlier.revenue_high / earlier.customers * today.customers)) / 100 AS DECIMAL(38, 2))
    AS expected_high,
    today.overdue AS overdue_customers,
    CAST(round(100 * today.at_risk) / 100 AS DECIMAL(38, 2)) AS revenue_at_risk
FROM today
LEFT JOIN newest ON newest.as_of_date = today.as_of_date
LEFT JOIN segment_outcomes AS earlier
    ON earlier.measured_on = newest.measured_on AND earlier.horizon_days = 30 AND earlier.segment = today.segment
