-- The products that each customer spent most on, by all lines delivered up to the last day, before returns.
SELECT
    $last AS as_of_date,
    CustomerID,
    place AS Place,
    StockCode,
    Description,
    Units,
    Gross,
    Orders,
    Last_Bought
FROM (
    SELECT
        *,
        row_number() OVER (PARTITION BY CustomerID ORDER BY Gross DESC, Units DESC, StockCode) AS place
    FROM (
        SELECT
            CustomerID,
            StockCode,
            arg_max(Description, (InvoiceDate, coalesce(Description, ''))) FILTER (WHERE Description <> '') AS Description,
            sum(Quantity) AS Units,
            sum(TotalPrice) AS Gross,
            count(DISTINCT OrderNo) AS Orders,
            max(InvoiceDate) AS Last_Bought
        FROM orders
        WHERE CountsForCustomer
        GROUP BY CustomerID, StockCode
    ) AS bought
) AS ranked
WHERE place <= $most
