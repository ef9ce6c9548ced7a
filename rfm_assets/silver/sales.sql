-- The lines that are sales, cancellations left out, and whether each counts for a customer: it has to be a known
-- customer, and a product (five digits, or PADS) rather than postage, fees or corrections.
SELECT
    *,
    CustomerID IS NOT NULL AND regexp_matches(StockCode, '^([0-9]{5}[a-zA-Z]*|PADS)$') AS CountsForCustomer
FROM transactions
WHERE NOT IsCancellation
