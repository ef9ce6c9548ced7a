-- Each customer known at a cut, whether they bought after it, up to the end of the horizon, and for how much: what was
-- delivered then, in net money less the returns delivered then. A cut whose customers are not stored any more has none.
SELECT
    cut.measured_on,
    cut.as_of_date,
    cut.horizon_days,
    known.CustomerID,
    known.segment,
    coalesce(later.spent, 0) AS spent,
    coalesce(later.bought, false) AS bought
FROM cut
JOIN customer_segments AS known ON known.as_of_date = cut.as_of_date
LEFT JOIN (
    SELECT
        cut.measured_on,
        cut.horizon_days,
        delivered.CustomerID,
        sum(delivered.Amount) AS spent,
        max(delivered.Amount) > 0 AS bought
    FROM cut
    JOIN money AS delivered
        ON delivered.processing_date > cut.as_of_date AND delivered.processing_date <= cut.measured_on
    GROUP BY cut.measured_on, cut.horizon_days, delivered.CustomerID
) AS later
    ON later.measured_on = cut.measured_on
    AND later.horizon_days = cut.horizon_days
    AND later.CustomerID = known.CustomerID
