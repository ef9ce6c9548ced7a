-- How many customers have each RFM name, their value, and how many are overdue.
SELECT
    RFM_Name AS name,
    count(*) AS customers,
    round(100 * avg_rank) / 100 AS mean_value_rank,
    count(*) FILTER (WHERE Overdue) AS overdue
FROM (
    SELECT *, sum(Value_Rank) OVER (PARTITION BY RFM_Name) / count(*) OVER (PARTITION BY RFM_Name) AS avg_rank
    FROM gold.customer_scores
    WHERE as_of_date = $day
) AS scored
GROUP BY RFM_Name, avg_rank
ORDER BY avg_rank DESC, name
