-- All lines so far of the customers who sent something back on the run's days.
SELECT *
FROM transactions
WHERE CustomerID IN (
    SELECT customer FROM refused WHERE failed_rules = 'valid_quantity' AND typed_quantity < 0
    UNION ALL
    SELECT CustomerID FROM transactions WHERE IsCancellation AND processing_date BETWEEN $first AND $last
)
