-- Each text that says when something happened, cut into its day, its time of day and its offset from UTC. Letters such as
-- PST are of the shop's own clock, which the time is of as it is written.
SELECT
    text,
    records,
    CASE
        WHEN regexp_matches(parts.day_text, '[./]')
        THEN regexp_replace(trim(parts.day_text), '^([0-9]{1,4})[./-]([0-9]{1,2})[./-]([0-9]{1,4})$', '\1-\2-\3')
        ELSE trim(parts.day_text)
    END AS day_text,
    coalesce(TRY_CAST(parts.hour AS INTEGER), 0) % CASE WHEN parts.half = '' THEN 24 ELSE 12 END
    + CASE WHEN lower(parts.half) = 'p' THEN 12 ELSE 0 END AS hour,
    coalesce(TRY_CAST(parts.minute AS INTEGER), 0) AS minute,
    CASE
        WHEN parts.shift IN ('Z', 'UTC', 'GMT')
        THEN 0
        WHEN parts.shift <> ''
        THEN (CASE WHEN parts.shift[1] = '-' THEN -1 ELSE 1 END)
        * (60 * CAST(parts.shift[2:3] AS INTEGER) + CAST(parts.shift[-2:] AS INTEGER))
    END AS offset_minutes
FROM (
    SELECT
        text,
        records,
        CASE
            WHEN length(text) IN (10, 16, 19) AND text[5] = '-' AND text[8] = '-' AND TRY_CAST(text AS TIMESTAMP) IS NOT NULL
            THEN {
                'day_text': text[:10],
                'hour': text[12:13],
                'minute': text[15:16],
                'half': '',
                'shift': ''
            }
            ELSE regexp_extract(
                trim(regexp_replace(replace(text, ',', ' '), '[\s\x{00a0}\x{2009}\x{202f}]+', ' ', 'g')),
                '^(.*?)(?:(?:^|[ T])([0-9]{1,2}):([0-9]{2})(?::[0-9]{2}(?:[.][0-9]+)?)? ?(?:([AaPp])[.]?[Mm][.]?)? ?(Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?(?: ?[A-Z]{2,4})?)?$',
                ['day_text', 'hour', 'minute', 'half', 'shift']
            )
        END AS parts
    FROM (SELECT $column AS text, count(*) AS records FROM mapped WHERE $column IS NOT NULL AND left_out IS NULL GROUP BY ALL)
)
