-- A customer's scores and rhythm as of a day.
SELECT
    scores.R_Score AS r,
    scores.F_Score AS f,
    scores.M_Score AS m,
    scores.RFM_Name AS name,
    100 * scores.Value_Rank AS rank,
    scores.Next_Order_Due AS due,
    scores.Overdue AS overdue,
    scores.Typical_Gap_Days AS gap,
    placed.Frequency AS orders,
    placed.as_of_date - placed.Recency AS last_order
FROM gold.customer_scores AS scores
JOIN gold.customer_segments AS placed
    ON placed.as_of_date = scores.as_of_date AND placed.CustomerID = scores.CustomerID
WHERE scores.as_of_date = $as_of AND scores.CustomerID = $customer
