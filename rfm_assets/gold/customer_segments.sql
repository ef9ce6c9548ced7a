-- Each customer's segment, with what marketing may do for it.
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
