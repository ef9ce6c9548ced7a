-- How many lines of some days failed each rule, and how many could not be split into columns.
SELECT rule, CAST(sum(failed_records) AS BIGINT) AS lines
FROM quality.rule_outcomes
WHERE processing_date BETWEEN $first AND $last
GROUP BY rule
UNION ALL
SELECT 'malformed_line', CAST(coalesce(sum(total_records - valid_records), 0) AS BIGINT)
FROM quality.bronze_daily_quality
WHERE processing_date BETWEEN $first AND $last
