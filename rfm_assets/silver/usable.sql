-- The files, days and runs of which nothing, or less than half, is usable. A day with one file is a row with the file's
-- name; a day with several has a row without a name, and one for each file; a run of several days has a row from its first
-- to its last day. Returns count neither as failing nor as passing; with fewer than 20 lines, all must fail. Skipped files,
-- whose lines are in another one, are ignored.
WITH of_file AS (
    SELECT * FROM file_outcomes WHERE coalesce(repeated_lines, 0) = 0
),

of_day AS (
    SELECT
        processing_date AS first_day,
        processing_date AS last_day,
        count(*) AS files,
        CASE WHEN count(*) = 1 THEN max(source_file) END AS source_file,
        sum(lines) AS lines,
        sum(failing_lines) AS failing,
        sum(returns) AS returns,
        sum(known_customer_sales) AS sales,
        sum(known_customer_revenue) AS revenue,
        sum(counted_sales) AS counted_sales,
        sum(counted_revenue) AS counted_revenue
    FROM of_file
    GROUP BY processing_date
),

looked_at AS (
    SELECT first_day, last_day, source_file, lines, failing, returns, sales, revenue, counted_sales, counted_revenue
    FROM of_day
    UNION ALL
    SELECT processing_date, processing_date, source_file, lines, failing_lines, returns, NULL, NULL, NULL, NULL
    FROM of_file
    WHERE processing_date IN (SELECT first_day FROM of_day WHERE files > 1)
    UNION ALL
    SELECT
        min(first_day),
        max(last_day),
        NULL,
        sum(lines),
        sum(failing),
        sum(returns),
        sum(sales),
        sum(revenue),
        sum(counted_sales),
        sum(counted_revenue)
    FROM of_day
    HAVING count(*) > 1
),

judged AS (
    SELECT
        *,
        (failing > 0 AND failing = lines - returns AND 2 * returns <= lines)
        OR (lines - returns >= 20 AND 2 * failing >= lines - returns) AS lines_fail,
        sales = 0 AND lines - failing - returns >= 20 AS nobody_is_known,
        (sales > 0 AND counted_sales = 0) OR 2 * counted_revenue < revenue AS too_little_counts
    FROM looked_at
)

SELECT *, (SELECT max(processing_date) FROM file_outcomes) AS newest
FROM judged
WHERE lines_fail OR nobody_is_known OR too_little_counts
