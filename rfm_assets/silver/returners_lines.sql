-- All lines so far of the customers with returns on the run's days.
SELECT
    processing_date,
    source_file,
    InvoiceNo,
    StockCode,
    CustomerID,
    InvoiceDate,
    Quantity,
    TotalPrice,
    IsCancellation
FROM transactions
WHERE CustomerID IN (
    SELECT customer FROM refused WHERE takes_back
    UNION ALL
    SELECT CustomerID FROM transactions WHERE IsCancellation AND processing_date BETWEEN $first AND $last
)
