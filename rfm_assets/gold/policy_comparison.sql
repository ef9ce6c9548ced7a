-- Customers whom another policy puts into another cell of the rule, by old and new segment.
SELECT
    before.segment AS from_segment,
    after.segment AS to_segment,
    count(*) AS customers,
    CAST(sum(before.Monetary) AS DECIMAL(38, 2)) AS money
FROM before
JOIN after ON after.CustomerID = before.CustomerID
WHERE after.value_tier <> before.value_tier OR after.engagement_status <> before.engagement_status
GROUP BY before.segment, after.segment
