-- The horizons of which at least one had ended by a day.
SELECT horizon_days AS days, count(DISTINCT as_of_date) AS cuts
FROM proof.backtest
WHERE measured_on <= $as_of
GROUP BY horizon_days
ORDER BY horizon_days
