-- How well each method ranked customers, of the cuts whose horizon ended on the day.
SELECT
    as_of_date AS cut,
    horizon_days AS days,
    method,
    round(1000 * spearman) / 1000 AS spearman,
    round(1000 * top20_share) / 1000 AS "top 20 % share",
    round(1000 * auc_purchase) / 1000 AS "purchase AUC"
FROM proof.backtest
WHERE measured_on = $day
ORDER BY days, spearman DESC
