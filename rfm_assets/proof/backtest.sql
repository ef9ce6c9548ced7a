-- How well each method ranked the customers of a cut by their later spending. Equal scores share their average rank, and a
-- tie that straddles the edge of a top share counts in part.
WITH happened AS (
    SELECT
        measured_on,
        horizon_days,
        CustomerID,
        bought,
        greatest(CAST(spent AS DOUBLE), 0) AS spent,
        (rank() OVER by_spent + count(*) OVER by_spent) / 2 AS spent_rank
    FROM outcome
    WINDOW by_spent AS (PARTITION BY measured_on, horizon_days ORDER BY spent)
),

tie AS (
    SELECT
        ranking.measured_on,
        ranking.as_of_date,
        ranking.horizon_days,
        ranking.method,
        ranking.score,
        count(*) AS tied,
        count(*) FILTER (WHERE happened.bought) AS buying,
        sum(happened.spent) AS spent,
        sum(happened.spent_rank) AS spent_ranks,
        sum(happened.spent_rank * happened.spent_rank) AS spent_ranks_squared,
        sum(happened.spent_rank * happened.spent) AS spent_by_rank
    FROM ranking
    JOIN happened
        ON happened.measured_on = ranking.measured_on
        AND happened.horizon_days = ranking.horizon_days
        AND happened.CustomerID = ranking.CustomerID
    GROUP BY ranking.measured_on, ranking.as_of_date, ranking.horizon_days, ranking.method, ranking.score
),

placed AS (
    -- From the highest score down: how many are above, and the average rank counted from the lowest.
    SELECT
        *,
        (sum(tied) OVER best_first) - tied AS above,
        (sum(tied) OVER of_method) - (sum(tied) OVER best_first) + (tied + 1) / 2 AS score_rank,
        sum(tied) OVER of_method AS of_all
    FROM tie
    WINDOW
        of_method AS (PARTITION BY measured_on, horizon_days, method),
        best_first AS (PARTITION BY measured_on, horizon_days, method ORDER BY score DESC)
),

summed AS (
    SELECT
        measured_on,
        as_of_date,
        horizon_days,
        method,
        CAST(sum(tied) AS BIGINT) AS customers,
        CAST(sum(buying) AS BIGINT) AS buyers,
        sum(spent) AS revenue,
        sum(buying * score_rank) AS buyers_ranks,
        -- Centred sums of the two ranks, whose mean is (n + 1) / 2 each.
        sum((score_rank - (of_all + 1) / 2) * (spent_ranks - tied * (of_all + 1) / 2)) AS covariance,
        sum(tied * (score_rank - (of_all + 1) / 2) * (score_rank - (of_all + 1) / 2)) AS variance,
        sum(spent_ranks_squared) - max(of_all) * (max(of_all) + 1) / 2 * ((max(of_all) + 1) / 2) AS spent_variance,
        sum(spent * greatest(CASE WHEN above + tied <= 0.1 * of_all THEN 1 ELSE (0.1 * of_all - above) / tied END, 0))
        AS in_top_10,
        sum(spent * greatest(CASE WHEN above + tied <= 0.2 * of_all THEN 1 ELSE (0.2 * of_all - above) / tied END, 0))
        AS in_top_20,
        sum((2 * score_rank - of_all - 1) * spent) AS gain,
        sum(2 * spent_by_rank - (of_all + 1) * spent) AS best_gain
    FROM placed
    GROUP BY measured_on, as_of_date, horizon_days, method
)

SELECT
    measured_on,
    as_of_date,
    horizon_days,
    method,
    customers,
    buyers,
    CASE WHEN variance > 0 AND spent_variance > 0 THEN covariance / sqrt(variance * spent_variance) END AS spearman,
    CASE
        WHEN buyers > 0 AND buyers < customers
        THEN (buyers_ranks - buyers * (buyers + 1) / 2) / (buyers * (customers - buyers))
    END AS auc_purchase,
    CASE WHEN revenue > 0 THEN in_top_10 / revenue END AS top10_share,
    CASE WHEN revenue > 0 THEN in_top_20 / revenue END AS top20_share,
    CASE WHEN best_gain > 0 THEN gain / best_gain END AS normalised_gini
FROM summed
