-- Landed files as Spark reads them, in its own dialect: each line of text after the header as landed_lines.sql takes it.
-- `landed_text` has the lines with the file each is of, `landed_file` what the first look at each file told.
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
        is_windows OR is_valid_utf8(CAST(bytes AS STRING)) AS is_encoded,
        CASE
            WHEN is_windows OR NOT is_valid_utf8(CAST(bytes AS STRING))
            THEN translate(decode(bytes, 'ISO-8859-1'), :latin, :windows)
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
)

SELECT
    source_file,
    processing_date,
    replace(text, char(0), '␀') AS text,
    is_encoded AND NOT contains(text, char(0)) AND NOT contains(text, '\r') AS is_text
FROM body
