-- Each customer's consent to marketing in an export, on the newest day that states it; no if that day's records differ.
SELECT customer, day, bool_and(word NOT IN ($no)) AS accepts
FROM (
    SELECT
        mapped.customer,
        coalesce(days.day, DATE '0001-01-01') AS day,
        lower(trim(mapped.consent)) AS word,
        max(coalesce(days.day, DATE '0001-01-01')) OVER (PARTITION BY mapped.customer) AS newest
    FROM mapped
    LEFT JOIN days ON days.text = mapped.placed
    WHERE mapped.customer IS NOT NULL AND trim(mapped.consent) <> ''
) AS said
WHERE day = newest
GROUP BY customer, day
