-- The scores of each number of clusters on a day.
SELECT *
FROM ml.cluster_selection
WHERE as_of_date = $as_of
ORDER BY k
