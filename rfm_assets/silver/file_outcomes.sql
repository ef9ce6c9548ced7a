-- The outcome of each file of a day: failing lines, known customers' spending, and the part of it that counts.
SELECT
    processing_date,
    source_file,
    CAST(sum(lines) AS BIGINT) AS lines,
    CAST(sum(failing_lines) AS BIGINT) AS failing_lines,
    CAST(sum(returns) AS BIGINT) AS returns,
    CAST(sum(known_customer_sales) AS BIGINT) AS known_customer_sales,
    CAST(sum(known_customer_revenue) AS DECIMAL(31, 2)) AS known_customer_revenue,
    CAST(sum(counted_sales) AS BIGINT) AS counted_sales,
    CAST(sum(counted_revenue) AS DECIMAL(31, 2)) AS counted_revenue,
    CAST(sum(repeated_lines) AS BIGINT) AS repeated_lines
FROM (
    SELECT
        processing_date,
        source_file,
        count(*) AS lines,
        0 AS failing_lines,
        0 AS returns,
        0 AS known_customer_sales,
        0 AS known_customer_revenue,
        0 AS counted_sales,
        0 AS counted_revenue,
        0 AS repeated_lines
    FROM valid
    GROUP BY processing_date, source_file
    UNION ALL
    SELECT
        processing_date,
        source_file,
        count(*),
        count(*) FILTER (WHERE NOT is_return AND NOT is_repeated),
        count(*) FILTER (WHERE is_return),
        0,
        0,
        0,
        0,
        count(*) FILTER (WHERE is_repeated)
    FROM refused
    GROUP BY processing_date, source_file
    UNION ALL
    SELECT
        processing_date,
        source_file,
        0,
        0,
        0,
        count(*),
        sum(TotalPrice),
        count(*) FILTER (WHERE CountsForCustomer),
        sum(CASE WHEN CountsForCustomer THEN TotalPrice ELSE 0 END),
        0
    FROM sales
    WHERE CustomerID IS NOT NULL
    GROUP BY processing_date, source_file
) AS counted
GROUP BY processing_date, source_file
