-- The lines that are sales, cancellations left out, and whether each counts for a customer: it has to be a known
-- customer, and a product rather than postage, fees or corrections. Its number is its store's own, where stores have any.
SELECT
    *,
    $number AS number,
    CustomerID IS NOT NULL AND $is_product AS CountsForCustomer
FROM transactions
WHERE NOT IsCancellation
