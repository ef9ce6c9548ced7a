-- A day's overdue customers: whether newly within the week, if known, and for how many days.
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
