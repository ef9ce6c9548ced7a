-- Each customer of each day of the calendar with each earlier day that it is compared with: the values of `today` under the
-- earlier date, so that the earlier medians can be applied to them.
WITH pair AS (
    SELECT calendar.as_of_date, stored.as_of_date AS compared_to
    FROM calendar
    CROSS JOIN look_back
    JOIN (SELECT DISTINCT as_of_date FROM customer_segments) AS stored
        ON stored.as_of_date = calendar.as_of_date - look_back.days
)

SELECT
    pair.compared_to AS as_of_date,
    now.as_of_date AS today,
    now.CustomerID,
    now.Recency,
    now.Frequency,
    now.Monetary,
    coalesce(earlier.segment, 'New customer') AS from_segment,
    now.segment AS to_segment,
    -- A late invoice of an older date counts too: it changes what was ordered or spent. A date that a delivery of then
    -- may have been ahead by does not show a purchase since.
    earlier.CustomerID IS NULL
    OR now.as_of_date - now.Recency - $invoice_days_ahead > pair.compared_to
    OR now.Frequency <> earlier.Frequency
    OR now.Monetary <> earlier.Monetary AS has_purchased
FROM customer_segments AS now
JOIN pair ON pair.as_of_date = now.as_of_date
LEFT JOIN (
    SELECT *
    FROM customer_segments
    WHERE as_of_date IN (SELECT compared_to FROM pair)
) AS earlier ON earlier.as_of_date = pair.compared_to AND earlier.CustomerID = now.CustomerID
