-- Each method's mean results over the cuts whose horizon had ended by a day and on which every method was measured.
WITH measured AS (
    SELECT *, count(*) OVER (PARTITION BY as_of_date) AS methods
    FROM proof.backtest
    WHERE horizon_days = $horizon AND measured_on <= $as_of
)

SELECT
    method,
    count(*) AS cuts,
    min(as_of_date) AS first_cut,
    max(as_of_date) AS last_cut,
    avg(spearman) AS spearman,
    avg(auc_purchase) AS auc,
    avg(top10_share) AS top10,
    avg(top20_share) AS top20,
    avg(normalised_gini) AS gini
FROM measured
WHERE methods = (SELECT max(methods) FROM measured)
GROUP BY method
ORDER BY top20 DESC NULLS LAST, method
