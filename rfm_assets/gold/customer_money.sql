-- What every customer has spent and returned, as of every day of the calendar. A return counts from the day that delivers
-- it, or from the customer's first purchase on, if that comes later. As in customer_rfm.sql, running totals over the days
-- that change a customer are spread over the calendar.
WITH product_taken AS (
    -- Returned units of each product of an order by a day, at most those that it had, even if returned twice.
    SELECT
        CustomerID,
        TakesBack AS InvoiceNo,
        StockCode,
        processing_date,
        max(OrderQuantity) AS order_units,
        max(OrderAmount) AS order_amount,
        least(sum(sum(Quantity)) OVER so_far, max(max(SoldQuantity)) OVER so_far) AS units,
        least(sum(sum(Amount)) OVER so_far, max(max(SoldAmount)) OVER so_far) AS amount
    FROM returns
    WHERE CountsForCustomer AND IsMatched
    GROUP BY CustomerID, TakesBack, StockCode, processing_date
    WINDOW so_far AS (PARTITION BY CustomerID, TakesBack, StockCode ORDER BY processing_date)
),

product_change AS (
    SELECT
        *,
        units - coalesce(lag(units) OVER so_far, 0) AS more_units,
        amount - coalesce(lag(amount) OVER so_far, 0) AS more_amount
    FROM product_taken
    WINDOW so_far AS (PARTITION BY CustomerID, InvoiceNo, StockCode ORDER BY processing_date)
),

order_taken AS (
    -- All of its units, or all of its money: refunds of exports have no units, and free gifts no money.
    SELECT
        CustomerID,
        InvoiceNo,
        processing_date,
        CASE
            WHEN sum(sum(more_units)) OVER so_far >= max(order_units) THEN 0
            WHEN max(order_amount) > 0 AND sum(sum(more_amount)) OVER so_far >= max(order_amount) THEN 0
            ELSE 1
        END AS some_left
    FROM product_change
    GROUP BY CustomerID, InvoiceNo, processing_date
    WINDOW so_far AS (PARTITION BY CustomerID, InvoiceNo ORDER BY processing_date)
),

order_day AS (
    -- A returned order counts again when more of it is delivered.
    SELECT CustomerID, InvoiceNo, processing_date, sum(amount) AS gross, min(some_left) AS kept
    FROM (
        SELECT CustomerID, InvoiceNo, processing_date, Amount AS amount, 1 AS some_left FROM customer_invoices
        UNION ALL
        SELECT CustomerID, InvoiceNo, processing_date, 0, some_left FROM order_taken
    ) AS of_order
    GROUP BY CustomerID, InvoiceNo, processing_date
),

change AS (
    SELECT
        CustomerID,
        greatest(processing_date, first_day) AS as_of_date,
        sum(gross) AS gross,
        sum(returned) AS returned,
        sum(new_order) AS orders,
        sum(more_kept) AS orders_kept
    FROM (
        SELECT
            CustomerID,
            processing_date,
            gross,
            0 AS returned,
            CASE WHEN row_number() OVER so_far = 1 THEN 1 ELSE 0 END AS new_order,
            kept - coalesce(lag(kept) OVER so_far, 0) AS more_kept
        FROM order_day
        WINDOW so_far AS (PARTITION BY CustomerID, InvoiceNo ORDER BY processing_date)
        UNION ALL
        SELECT CustomerID, processing_date, 0, Amount, 0, 0
        FROM returns
        WHERE CountsForCustomer
    ) AS delivered
    CROSS JOIN (SELECT min(as_of_date) AS first_day FROM calendar) AS start
    GROUP BY CustomerID, greatest(processing_date, first_day)
),

state AS (
    SELECT
        CustomerID,
        as_of_date AS valid_from,
        coalesce(lead(as_of_date) OVER so_far, DATE '9999-12-31') AS valid_until,
        CAST(sum(gross) OVER so_far AS DECIMAL(31, 2)) AS Gross,
        CAST(sum(returned) OVER so_far AS DECIMAL(31, 2)) AS Returned,
        CAST(sum(orders) OVER so_far AS BIGINT) AS Orders,
        CAST(sum(orders_kept) OVER so_far AS BIGINT) AS Orders_Kept
    FROM change
    WINDOW so_far AS (PARTITION BY CustomerID ORDER BY as_of_date)
)

SELECT
    calendar.as_of_date,
    state.CustomerID,
    state.Gross,
    state.Returned,
    CAST(state.Gross - state.Returned AS DECIMAL(31, 2)) AS Net,
    CASE WHEN state.Gross > 0 THEN state.Returned / state.Gross END AS Return_Rate,
    state.Orders,
    state.Orders_Kept
FROM state
JOIN calendar ON calendar.as_of_date >= state.valid_from AND calendar.as_of_date < state.valid_until
WHERE state.Orders > 0
