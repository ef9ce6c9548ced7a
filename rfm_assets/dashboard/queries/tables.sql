-- Every published table with its columns.
SELECT table_schema || '.' || table_name AS address, list(column_name) AS columns
FROM information_schema.columns
GROUP BY address
