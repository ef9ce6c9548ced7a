-- Whether each customer known at a cut bought within the horizon, and for how much: deliveries in that time, net of returns
-- delivered in that time if money is net. A cut whose customers are no longer stored has no rows.
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
