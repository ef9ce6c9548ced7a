-- The lines that are sales, without cancellations, and whether each counts for a customer: the customer must be known, and
-- the code a product rather than postage, a fee or a correction. Numbers are per store, if the shop has stores.
SELECT
    *,
    $number AS number,
    CustomerID IS NOT NULL AND $is_product AS CountsForCustomer
FROM transactions
WHERE NOT IsCancellation
