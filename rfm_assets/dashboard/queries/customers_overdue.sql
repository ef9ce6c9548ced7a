-- Since when a day's customers have been due, and in which order to write to those who are overdue: first who were not a
-- week ago, each time those overdue for the fewest days.
SELECT
    now.CustomerID,
    now.days_overdue,
    now.value_score,
    row_number() OVER (ORDER BY earlier.CustomerID IS NOT NULL, now.days_overdue, now.CustomerID) AS newly_overdue
FROM (
    SELECT CustomerID, $as_of - Next_Order_Due AS days_overdue, Value_Score AS value_score
    FROM gold.customer_scores
    WHERE as_of_date = $as_of AND Overdue
) AS now
LEFT JOIN (
    SELECT CustomerID
    FROM gold.customer_scores
    WHERE as_of_date = $as_of - 7 AND Overdue
) AS earlier ON earlier.CustomerID = now.CustomerID
