-- Each rule's verdict on each delivered day, over the lines that could be split into columns.
WITH delivered_day AS (
    SELECT processing_date, count(*) FILTER (WHERE _rescued_data IS NULL) AS lines
    FROM delivered
    GROUP BY processing_date
),

failed AS (
    SELECT rejected.processing_date, rule.name, count(*) AS lines
    FROM rejected
    JOIN rule ON contains(',' || rejected.failed_rules || ',', ',' || rule.name || ',')
    GROUP BY rejected.processing_date, rule.name
)

SELECT
    day.processing_date,
    rule.name AS rule,
    day.lines - coalesce(failed.lines, 0) AS passed_records,
    coalesce(failed.lines, 0) AS failed_records
FROM delivered_day AS day
CROSS JOIN rule
LEFT JOIN failed ON failed.processing_date = day.processing_date AND failed.name = rule.name
