-- Each customer's segment, with its recommendation.
SELECT
    placed.as_of_date,
    placed.CustomerID,
    placed.Recency,
    placed.Frequency,
    placed.Monetary,
    placed.value_tier,
    placed.engagement_status,
    placed.segment,
    segments.recommendation
FROM placed
JOIN segments ON segments.segment = placed.segment
