-- Each segment's size, averages and revenue. Sums are in pennies, so that halves round up exactly. Net of returns, a segment
-- below zero has no share of the revenue.
WITH segment AS (
    SELECT
        as_of_date,
        segment AS Segment,
        recommendation,
        count(*) AS Customer_Count,
        sum(Monetary) AS Total_Revenue,
        sum(100 * Monetary) AS pennies,
        sum(100 * Monetary) / count(*) AS avg_pennies,
        median(CAST(100 * Monetary AS DOUBLE)) AS med_pennies,
        100 * sum(Frequency) / count(*) AS avg_frequency,
        median(CAST(Frequency AS DOUBLE)) AS med_frequency,
        100 * sum(Recency) / count(*) AS avg_recency,
        median(CAST(Recency AS DOUBLE)) AS med_recency
    FROM customer_segments
    GROUP BY as_of_date, segment, recommendation
),

total AS (
    SELECT as_of_date, sum(Customer_Count) AS customers, sum(greatest(pennies, 0)) AS pennies
    FROM segment
    GROUP BY as_of_date
)

SELECT
    segment.as_of_date,
    Segment,
    recommendation,
    Customer_Count,
    CAST(round(avg_pennies) / 100 AS DECIMAL(31, 2)) AS Avg_Monetary,
    CAST(round(med_pennies) / 100 AS DECIMAL(31, 2)) AS Med_Monetary,
    CAST(round(avg_frequency) / 100 AS DECIMAL(18, 2)) AS Avg_Frequency,
    CAST(med_frequency AS DECIMAL(18, 2)) AS Med_Frequency,
    CAST(round(avg_recency) / 100 AS DECIMAL(18, 2)) AS Avg_Recency,
    CAST(med_recency AS DECIMAL(18, 2)) AS Med_Recency,
    CAST(Total_Revenue AS DECIMAL(38, 2)) AS Total_Revenue,
    CAST(round(10000 * Customer_Count / total.customers) / 100 AS DECIMAL(5, 2)) AS Pct_of_Customers,
    CAST(
        CASE WHEN total.pennies = 0 THEN 0 ELSE round(10000 * greatest(segment.pennies, 0) / total.pennies) / 100 END AS DECIMAL(5, 2)
    ) AS Pct_of_Revenue
FROM segment
JOIN total ON total.as_of_date = segment.as_of_date
