-- The lines that count for a customer: known customer, no cancellation, and a product (five digits, or PADS) rather
-- than postage, fees or corrections.
SELECT *
FROM transactions
WHERE CustomerID IS NOT NULL
    AND NOT IsCancellation
    AND regexp_matches(StockCode, '^([0-9]{5}[a-zA-Z]*|PADS)$')
