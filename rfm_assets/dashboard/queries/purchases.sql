-- What RFM counts in the days up to each of two days: deliveries in these days, whatever their invoice date. An order or a
-- customer is new if nothing of it was delivered before. For customers in a chosen segment at the end, or for everybody.
WITH period AS (
    SELECT unnest([$as_of, $before]) AS last_day
),

invoice AS (
    SELECT
        last_day,
        CustomerID,
        sum(ProductAmount) FILTER (processing_date > last_day - $days) AS spent,
        min(processing_date - last_day) > -$days AS is_new
    FROM silver.invoices
    JOIN period ON processing_date <= last_day
    WHERE CustomerID IS NOT NULL AND ProductAmount IS NOT NULL
    GROUP BY last_day, CustomerID, InvoiceNo
),

customer AS (
    SELECT
        last_day,
        CustomerID,
        sum(spent) AS spent,
        count(*) FILTER (is_new) AS orders,
        bool_and(is_new) AS is_new
    FROM invoice
    GROUP BY last_day, CustomerID
),

chosen AS (
    SELECT as_of_date AS last_day, CustomerID
    FROM gold.customer_segments
    WHERE NOT $everybody AND as_of_date IN ($as_of, $before) AND list_contains($segments, segment)
)

SELECT
    period.last_day AS day,
    count(spent) AS bought,
    count(*) FILTER (is_new) AS new,
    coalesce(sum(spent), 0) AS revenue,
    CAST(coalesce(sum(orders), 0) AS BIGINT) AS orders
FROM period
LEFT JOIN (
    SELECT *
    FROM customer
    WHERE $everybody OR (last_day, CustomerID) IN (SELECT (last_day, CustomerID) FROM chosen)
) AS counted ON counted.last_day = period.last_day
GROUP BY period.last_day
