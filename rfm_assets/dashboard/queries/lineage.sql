-- What each table is made from, in the order of the flow.
SELECT made, list(reads ORDER BY reads) FILTER (WHERE reads IS NOT NULL) AS reads
FROM meta.lineage
GROUP BY place, made
ORDER BY place
