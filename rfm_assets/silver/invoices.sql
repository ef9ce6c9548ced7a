-- What each day adds to each invoice, whoever bought: all its sales, and the part of them that counts for a customer.
SELECT
    processing_date,
    OrderNo AS InvoiceNo,
    CustomerID,
    Country,
    max(InvoiceDate) AS InvoiceDate,
    CAST(sum(TotalPrice) AS DECIMAL(31, 2)) AS Amount,
    CAST(sum(CASE WHEN CountsForCustomer THEN TotalPrice END) AS DECIMAL(31, 2)) AS ProductAmount
FROM orders
GROUP BY processing_date, OrderNo, CustomerID, Country
