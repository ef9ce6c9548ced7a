-- Every published table.
SELECT table_schema || '.' || table_name AS address
FROM information_schema.tables
