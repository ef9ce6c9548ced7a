-- The expected 30-day spend of a group, if each customer spends like their segment's; empty if a segment has no expectation.
-- The ends of the segments' intervals are added up, which makes the total's interval wider than necessary.
SELECT
    CASE WHEN bool_and(each IS NOT NULL) THEN sum(each) END AS expected,
    CASE WHEN bool_and(each IS NOT NULL) THEN sum(each_low) END AS low,
    CASE WHEN bool_and(each IS NOT NULL) THEN sum(each_high) END AS high
FROM (
    SELECT
        CAST(expected_revenue AS DOUBLE) / expected.customers AS each,
        CAST(expected_low AS DOUBLE) / expected.customers AS each_low,
        CAST(expected_high AS DOUBLE) / expected.customers AS each_high
    FROM gold.customer_segments AS customer
    LEFT JOIN proof.expected_revenue AS expected
        ON expected.as_of_date = customer.as_of_date AND expected.segment = customer.segment
    WHERE customer.as_of_date = $as_of AND list_contains($segments, customer.segment)
        AND customer.CustomerID IN (SELECT CustomerID FROM members)
) AS member
