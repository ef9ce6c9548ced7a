-- Landed files as Spark reads them, in its own dialect: every line of text after the header once, split as fields.split
-- does it, and whole where it cannot be split. `landed_text` has the lines with the file each is of, `landed_file` what
-- the first look at each file told.
WITH line AS (
    SELECT
        landed_file.*,
        CASE WHEN substr(bytes, -1) = X'0D' THEN substr(bytes, 1, octet_length(bytes) - 1) ELSE bytes END AS bytes
    FROM landed_text
    JOIN landed_file ON landed_file.path = landed_text.path
),

read AS (
    SELECT
        *,
        is_windows OR is_valid_utf8(CAST(bytes AS STRING)) AS is_text,
        CASE
            WHEN is_windows THEN translate(decode(bytes, 'ISO-8859-1'), :latin, :windows)
            ELSE CAST(bytes AS STRING)
        END AS text
    FROM line
),

-- A header is told from other lines by its text. Where a line repeats it, all but one of them are lines.
body AS (
    SELECT * FROM read WHERE text <> header
    UNION ALL
    SELECT * EXCEPT (nth)
    FROM (SELECT *, row_number() OVER (PARTITION BY path ORDER BY text) AS nth FROM read WHERE text = header)
    WHERE nth > 1
),

split AS (
    SELECT
        *,
        CASE
            WHEN NOT is_text OR contains(text, char(0)) OR contains(text, '\r') THEN NULL
            WHEN NOT contains(text, '"') THEN split(text, ',')
            WHEN array_join(regexp_extract_all(',' || text, :field, 0), '') = ',' || text THEN transform(
                regexp_extract_all(',' || text, :field, 0),
                field -> CASE
                    WHEN startswith(field, ',"')
                    THEN replace(substr(rtrim(field), 3, length(rtrim(field)) - 3), '""', '"')
                    ELSE substr(field, 2)
                END
            )
        END AS fields
    FROM body
    WHERE NOT text RLIKE '(?d)^[ \t\x0b\f\r]*\\z'
),

judged AS (
    SELECT
        *,
        coalesce(
            size(fields) >= columns AND NOT exists(slice(fields, columns + 1, size(fields)), field -> field <> ''), false
        ) AS is_whole
    FROM split
)

SELECT
    {source_columns},
    CASE WHEN NOT is_whole THEN replace(
        CASE WHEN is_text THEN text ELSE translate(decode(bytes, 'ISO-8859-1'), :latin, :windows) END, char(0), '␀'
    ) END AS _rescued_data,
    source_file,
    CAST(:read_at AS TIMESTAMP_NTZ) AS ingestion_timestamp,
    processing_date
FROM judged
