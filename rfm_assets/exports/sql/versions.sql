-- Every version of some orders: the lines of all exports, the newest export with the highest rank.
SELECT kept.* EXCLUDE (file), exports.rank, exports.name AS export, exports.day AS export_day
FROM read_parquet([$files], filename = 'file', union_by_name = true) AS kept
JOIN exports ON exports.file = kept.file
WHERE $condition
