-- Recency, frequency and monetary value of every customer seen so far, as of every day of the calendar.
-- A customer changes only on days with a delivery: running totals over those days, spread over the calendar.
WITH delivery AS (
    -- What was delivered before the calendar counts from its first day on. An invoice counts once, even if a later
    -- day delivers more of it.
    SELECT
        CustomerID,
        greatest(processing_date, first_day) AS as_of_date,
        InvoiceDate,
        Amount,
        row_number() OVER (PARTITION BY CustomerID, InvoiceNo ORDER BY processing_date) = 1 AS is_new_invoice
    FROM customer_invoices
    CROSS JOIN (SELECT min(as_of_date) AS first_day FROM calendar) AS start
),

change AS (
    SELECT
        CustomerID,
        as_of_date,
        max(InvoiceDate) AS last_invoice_date,
        count(*) FILTER (WHERE is_new_invoice) AS new_invoices,
        sum(Amount) AS amount
    FROM delivery
    GROUP BY CustomerID, as_of_date
),

state AS (
    SELECT
        CustomerID,
        as_of_date AS valid_from,
        coalesce(lead(as_of_date) OVER so_far, DATE '9999-12-31') AS valid_until,
        max(last_invoice_date) OVER so_far AS MaxInvoiceDate,
        sum(new_invoices) OVER so_far AS Frequency,
        sum(amount) OVER so_far AS Monetary
    FROM change
    WINDOW so_far AS (PARTITION BY CustomerID ORDER BY as_of_date)
)

SELECT
    calendar.as_of_date,
    state.CustomerID,
    state.MaxInvoiceDate,
    -- Never below zero: a shop ahead of UTC may date an invoice later than its file.
    greatest(CAST(datediff('day', state.MaxInvoiceDate, calendar.as_of_date) AS INTEGER), 0) AS Recency,
    CAST(state.Frequency AS BIGINT) AS Frequency,
    CAST(state.Monetary AS DECIMAL(31, 2)) AS Monetary
FROM state
JOIN calendar ON calendar.as_of_date >= state.valid_from AND calendar.as_of_date < state.valid_until
