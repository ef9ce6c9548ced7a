-- The customers whom a method ranks in the best fifth, including all ties at its edge.
SELECT CustomerID
FROM (
    SELECT CustomerID, rank() OVER (ORDER BY score DESC) - 1 AS above, count(*) OVER () AS customers
    FROM ranking
    WHERE method = $method
) AS placed
WHERE above < 0.2 * customers
