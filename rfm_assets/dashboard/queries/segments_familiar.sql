-- The familiar name that most customers of each segment have on a day: the first by the alphabet of two as frequent.
SELECT segment, min_by(RFM_Name, (-customers, RFM_Name)) AS name
FROM (
    SELECT placed.segment, scores.RFM_Name, count(*) AS customers
    FROM gold.customer_segments AS placed
    JOIN gold.customer_scores AS scores
        ON scores.CustomerID = placed.CustomerID AND scores.as_of_date = placed.as_of_date
    WHERE placed.as_of_date = $as_of
    GROUP BY placed.segment, scores.RFM_Name
) AS named
GROUP BY segment
