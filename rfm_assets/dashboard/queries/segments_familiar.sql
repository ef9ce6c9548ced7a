-- The most common RFM name in each segment, with the percentage of customers who have it.
SELECT segment, RFM_Name AS name, 100.0 * customers / sum(customers) OVER (PARTITION BY segment) AS share
FROM (
    SELECT placed.segment, scores.RFM_Name, count(*) AS customers
    FROM gold.customer_segments AS placed
    JOIN gold.customer_scores AS scores
        ON scores.as_of_date = placed.as_of_date AND scores.CustomerID = placed.CustomerID
    WHERE placed.as_of_date = $as_of
    GROUP BY placed.segment, scores.RFM_Name
) AS named
QUALIFY row_number() OVER (PARTITION BY segment ORDER BY customers DESC, RFM_Name) = 1
