-- Splits lines of landed files into the columns of their header, or keeps them whole if they do not split; blank lines are
-- left out. `landed_line` has each line after the header as `text`, and whether it `is_text`: not where a byte of it is
-- not UTF-8, NUL or a carriage return. Only a line with a quote is looked at field by field (line_format.py).
WITH split AS (
    SELECT
        *,
        CASE
            WHEN NOT is_text THEN NULL
            WHEN NOT contains(text, '"') THEN string_split(text, ',')
            WHEN array_to_string(regexp_extract_all(',' || text, '{field}'), '') = ',' || text
            THEN list_transform(
                regexp_extract_all(',' || text, '{field}'),
                lambda field: CASE
                    WHEN starts_with(field, ',"')
                    THEN replace(regexp_replace(substr(field, 3), '" *$', ''), '""', '"')
                    ELSE substr(field, 2)
                END
            )
        END AS fields
    FROM landed_line
    WHERE contains(text, ',') OR NOT regexp_matches(text, '^[{blanks}]*$')
),

judged AS (
    SELECT
        *,
        coalesce(
            CASE
                WHEN array_length(fields) > {columns}
                THEN array_to_string(fields[{columns} + 1:], '') = ''  -- surplus fields at the end, all empty
                ELSE array_length(fields) = {columns}
            END,
            false
        ) AS is_whole
    FROM split
)

SELECT
    {source_columns},
    CASE WHEN NOT is_whole THEN text END AS _rescued_data,
    source_file,
    CAST('{read_at}' AS TIMESTAMP) AS ingestion_timestamp,
    processing_date
FROM judged
