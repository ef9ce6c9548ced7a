-- A day's overdue customers: whether they were not a week ago, where that is known, and for how many days they have been.
WITH earlier AS (
    SELECT CustomerID, Overdue
    FROM gold.customer_scores
    WHERE as_of_date = $as_of - 7
)
SELECT
    now.CustomerID,
    CASE WHEN EXISTS (FROM earlier) THEN NOT coalesce(earlier.Overdue, FALSE) END AS Newly_Overdue,
    $as_of - now.Next_Order_Due AS Days_Overdue,
    now.Value_Score
FROM gold.customer_scores AS now
LEFT JOIN earlier ON earlier.CustomerID = now.CustomerID
WHERE now.as_of_date = $as_of AND now.Overdue
