-- Each method's results at each cut whose horizon had ended by a day.
SELECT as_of_date AS day, method, 100 * top20_share AS top20
FROM proof.backtest
WHERE horizon_days = $horizon AND measured_on <= $as_of
ORDER BY day, method
