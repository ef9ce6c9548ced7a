-- Leaves out records that repeat another in every cell read; the first one stays.
SELECT * EXCLUDE (cells) REPLACE (
    CASE
        WHEN left_out IS NULL AND row_number() OVER (PARTITION BY cells ORDER BY record) > 1
        THEN 'repeats another record'
        ELSE left_out
    END AS left_out
)
FROM (SELECT *, row(*COLUMNS(* EXCLUDE (record, table_number))) AS cells FROM mapped)
