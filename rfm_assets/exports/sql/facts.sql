-- Totals of an export's lines.
SELECT
    (SELECT count(*) FROM mapped) AS records,
    count(DISTINCT record) FILTER (left_out IS NULL) AS written,
    count(*) FILTER (left_out IS NULL) AS lines,
    count(DISTINCT order_key) FILTER (left_out IS NULL) AS orders,
    min(day) FILTER (left_out IS NULL) AS first_day,
    max(day) FILTER (left_out IS NULL) AS last_day,
    max(day) AS newest_day,
    coalesce(sum(amount) FILTER (left_out IS NULL AND $in_own), 0) AS amount,
    count(*) FILTER (left_out IS NULL AND is_fraction) AS fractions,
    count(*) FILTER (left_out IS NULL AND Invoice IS NULL) AS unread_number,
    count(*) FILTER (left_out IS NULL AND day IS NULL) AS unread_day,
    count(*) FILTER (left_out IS NULL AND NOT regexp_full_match(coalesce(Quantity, ''), '-?[0-9]+')) AS unread_quantity,
    count(*) FILTER (left_out IS NULL AND amount IS NULL) AS unread_amount,
    count(*) FILTER (left_out IS NULL AND CustomerID IS NULL) AS unread_customer
FROM lines
