-- What each segment of a cut did within the horizon. The interval of the rate is Wilson's (1.96 standard errors),
-- the one of the revenue comes from resampling.
WITH counted AS (
    SELECT
        measured_on,
        as_of_date,
        horizon_days,
        segment,
        count(*) AS customers,
        count(*) FILTER (WHERE bought) AS buyers,
        CAST(sum(spent) AS DECIMAL(38, 2)) AS revenue
    FROM outcome
    GROUP BY measured_on, as_of_date, horizon_days, segment
),

widened AS (
    SELECT
        *,
        1.96 * sqrt(CAST(buyers * (customers - buyers) AS DOUBLE) / customers + 0.9604) AS half_width,
        sum(revenue) OVER of_cut AS revenue_of_all,
        sum(customers) OVER of_cut AS customers_of_all
    FROM counted
    WINDOW of_cut AS (PARTITION BY measured_on, horizon_days)
)

SELECT
    widened.measured_on,
    widened.as_of_date,
    widened.horizon_days,
    widened.segment,
    widened.customers,
    widened.buyers,
    widened.buyers / widened.customers AS purchase_rate,
    -- Where nobody or everybody bought, an end is the rate itself, which rounding must not pass.
    CASE
        WHEN widened.buyers = 0 THEN 0
        ELSE (widened.buyers + 1.9208 - widened.half_width) / (widened.customers + 3.8416)
    END AS purchase_rate_low,
    CASE
        WHEN widened.buyers = widened.customers THEN 1
        ELSE (widened.buyers + 1.9208 + widened.half_width) / (widened.customers + 3.8416)
    END AS purchase_rate_high,
    widened.revenue,
    CAST(revenue_interval.low AS DECIMAL(38, 2)) AS revenue_low,
    CAST(revenue_interval.high AS DECIMAL(38, 2)) AS revenue_high,
    CASE
        WHEN widened.revenue_of_all > 0
        THEN (widened.revenue / widened.customers) / (widened.revenue_of_all / widened.customers_of_all)
    END AS lift
FROM widened
JOIN revenue_interval
    ON revenue_interval.measured_on = widened.measured_on
    AND revenue_interval.horizon_days = widened.horizon_days
    AND revenue_interval.segment = widened.segment
