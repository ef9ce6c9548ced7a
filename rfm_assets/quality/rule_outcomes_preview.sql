-- The day's verdicts, and the failures of the two weeks before.
SELECT
    rule,
    max(passed_records) FILTER (WHERE processing_date = $day) AS passed,
    max(failed_records) FILTER (WHERE processing_date = $day) AS failed,
    CAST(sum(failed_records) FILTER (WHERE processing_date < $day) AS BIGINT) AS "failed, two weeks before"
FROM quality.rule_outcomes
WHERE processing_date BETWEEN $day - INTERVAL 14 DAYS AND $day
GROUP BY rule
ORDER BY rule
