-- What each day adds to each order of a customer, net of what was returned by then.
SELECT
    processing_date,
    CustomerID,
    InvoiceNo,
    max(InvoiceDate) AS InvoiceDate,
    CAST(sum(Amount) AS DECIMAL(31, 2)) AS Amount
FROM (
    SELECT processing_date, CustomerID, InvoiceNo, InvoiceDate, Amount FROM customer_invoices
    UNION ALL
    SELECT processing_date, CustomerID, TakesBack, SoldOn, -Amount
    FROM returns
    WHERE CountsForCustomer AND IsMatched
) AS changed
GROUP BY processing_date, CustomerID, InvoiceNo
