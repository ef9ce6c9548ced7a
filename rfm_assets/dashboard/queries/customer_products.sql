-- The products that a customer spent most on, as of the newest day that has customers.
SELECT
    as_of_date AS day,
    StockCode AS code,
    Description AS description,
    Gross AS gross,
    Units AS units,
    Orders AS orders,
    Last_Bought AS last_bought
FROM meta.customer_products
WHERE CustomerID = $customer
ORDER BY Place
