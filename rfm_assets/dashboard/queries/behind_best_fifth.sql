-- The customers of a ranking whom a method places into its best fifth, all of those tied at its edge included.
SELECT CustomerID
FROM (
    SELECT CustomerID, rank() OVER (ORDER BY score DESC) - 1 AS above, count(*) OVER () AS customers
    FROM ranking
    WHERE method = $method
) AS placed
WHERE above < 0.2 * customers
