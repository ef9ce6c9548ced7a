-- Each delivered day's sales to unknown customers, ids that silver rewrote, and ids that resemble another customer's seen up
-- to the day.
WITH customer AS (
    SELECT
        CustomerID,
        first_day,
        regexp_replace(
            CASE WHEN contains(small, '@') THEN replace(split(small, '@')[1], '.', '') || '@' || split(small, '@')[2] ELSE small END,
            '^0+',
            ''
        ) AS looks_like
    FROM (
        SELECT CustomerID, $small_id AS small, min(processing_date) AS first_day
        FROM invoices
        WHERE CustomerID IS NOT NULL
        GROUP BY CustomerID
    ) AS seen
),

-- Only those of whom there are two: the ids of a sound shop are not joined with each other.
doubtful AS (
    SELECT customer.CustomerID, customer.looks_like, customer.first_day
    FROM customer
    JOIN (SELECT looks_like FROM customer GROUP BY looks_like HAVING count(*) > 1) AS shared
        ON shared.looks_like = customer.looks_like
),

similar_id AS (
    SELECT invoices.processing_date, count(DISTINCT invoices.CustomerID) AS ids
    FROM invoices
    JOIN doubtful ON doubtful.CustomerID = invoices.CustomerID
    JOIN doubtful AS other
        ON other.looks_like = doubtful.looks_like
        AND other.CustomerID <> doubtful.CustomerID
        AND other.first_day <= invoices.processing_date
    WHERE invoices.processing_date >= $first
    GROUP BY invoices.processing_date
),

sold AS (
    SELECT
        processing_date,
        count(*) AS lines,
        count(*) FILTER (WHERE CustomerID IS NULL) AS anonymous_lines,
        sum(TotalPrice) AS revenue,
        sum(CASE WHEN CustomerID IS NULL THEN TotalPrice END) AS anonymous_revenue,
        count(DISTINCT CustomerID) AS ids
    FROM sales
    GROUP BY processing_date
),

delivered_id AS (
    SELECT
        processing_date,
        count(DISTINCT CASE WHEN typed_customer <> CustomerID THEN CustomerID END) AS normalised
    FROM typed
    GROUP BY processing_date
)

SELECT
    delivered_id.processing_date,
    coalesce(sold.lines, 0) AS sales_lines,
    coalesce(sold.anonymous_lines, 0) AS anonymous_lines,
    CAST(coalesce(sold.revenue, 0) AS DECIMAL(31, 2)) AS revenue,
    CAST(coalesce(sold.anonymous_revenue, 0) AS DECIMAL(31, 2)) AS anonymous_revenue,
    coalesce(sold.ids, 0) AS customer_ids,
    delivered_id.normalised AS normalised_ids,
    coalesce(similar_id.ids, 0) AS similar_ids
FROM delivered_id
LEFT JOIN sold ON sold.processing_date = delivered_id.processing_date
LEFT JOIN similar_id ON similar_id.processing_date = delivered_id.processing_date
