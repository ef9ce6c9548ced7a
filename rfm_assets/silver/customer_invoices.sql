-- What each day adds to each customer: about a twentieth of the lines, and all that later days need to know about it.
SELECT
    processing_date,
    CustomerID,
    OrderNo AS InvoiceNo,
    max(InvoiceDate) AS InvoiceDate,
    CAST(sum(TotalPrice) AS DECIMAL(31, 2)) AS Amount
FROM orders
WHERE CountsForCustomer
GROUP BY processing_date, CustomerID, OrderNo
