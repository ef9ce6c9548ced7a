-- Sales to unknown customers up to a day, and how many of the newest day's ids may belong to one person.
SELECT
    sum(revenue) AS revenue,
    sum(anonymous_revenue) AS anonymous,
    sum(sales_lines) AS lines,
    sum(anonymous_lines) AS anonymous_lines,
    arg_max(similar_ids, processing_date) AS similar,
    arg_max(customer_ids, processing_date) AS ids
FROM quality.customer_identity
WHERE processing_date <= $as_of
