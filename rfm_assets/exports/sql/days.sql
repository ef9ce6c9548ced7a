-- The day that each text means: the shop's local day if the text's offset or zone is known, else as written.
SELECT
    text,
    CAST(CASE
        WHEN offset_minutes IS NOT NULL AND $shop_zone IS NOT NULL
        THEN timezone($shop_zone, timezone('UTC', wall - to_minutes(offset_minutes)))
        WHEN $zone_of_text IS NOT NULL AND $shop_zone IS NOT NULL
        THEN timezone($shop_zone, timezone($zone_of_text, wall))
        ELSE wall
    END AS DATE) AS day
FROM (SELECT text, offset_minutes, $wall + to_minutes(60 * hour + minute) AS wall FROM moments)
