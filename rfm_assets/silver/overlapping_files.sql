-- Files whose lines are all in one other file within 30 days, as often and identical in all columns. `delivered` are the
-- lines of bronze. Comparing a single invoice excludes nearly all other files; lines are counted only for the few left. Of
-- files with the same lines, the first one counts as having them.
WITH file AS (
    SELECT processing_date, source_file, count(*) AS lines, max(concat_ws(' ', InvoiceDate, Invoice)) AS mark
    FROM delivered
    GROUP BY processing_date, source_file
),

marked AS (
    SELECT DISTINCT processing_date, source_file, concat_ws(' ', InvoiceDate, Invoice) AS mark
    FROM delivered
    WHERE concat_ws(' ', InvoiceDate, Invoice) IN (SELECT mark FROM file)
),

pair AS (
    SELECT
        file.processing_date,
        file.source_file,
        file.lines,
        other.processing_date AS other_date,
        other.source_file AS other_file
    FROM file
    JOIN marked ON marked.mark = file.mark
    JOIN file AS other
        ON other.processing_date = marked.processing_date
        AND other.source_file = marked.source_file
    WHERE file.lines >= 20
        AND abs(datediff('day', file.processing_date, other.processing_date)) <= 30
        AND greatest(file.processing_date, other.processing_date) BETWEEN $first AND $last
        AND (
            other.lines > file.lines
            OR (other.lines = file.lines AND other.processing_date < file.processing_date)
            OR (
                other.lines = file.lines
                AND other.processing_date = file.processing_date
                AND other.source_file < file.source_file
            )
        )
),

compared AS (
    SELECT *
    FROM delivered
    WHERE processing_date IN (SELECT processing_date FROM pair) OR processing_date IN (SELECT other_date FROM pair)
),

line AS (
    SELECT pair.*, $columns, 1 AS surplus
    FROM pair
    JOIN compared
        ON compared.processing_date = pair.processing_date AND compared.source_file = pair.source_file
    UNION ALL
    SELECT pair.*, $columns, -1
    FROM pair
    JOIN compared ON compared.processing_date = pair.other_date AND compared.source_file = pair.other_file
),

contained AS (
    SELECT processing_date, source_file, lines, other_date, other_file
    FROM (
        SELECT processing_date, source_file, lines, other_date, other_file, sum(surplus) AS surplus
        FROM line
        GROUP BY processing_date, source_file, lines, other_date, other_file, $columns
    ) AS counted
    GROUP BY processing_date, source_file, lines, other_date, other_file
    HAVING max(surplus) <= 0
)

SELECT processing_date, source_file, lines, other_date, other_file
FROM (
    SELECT
        *,
        row_number() OVER (PARTITION BY processing_date, source_file ORDER BY other_date, other_file) AS place
    FROM contained
) AS first_named
WHERE place = 1
