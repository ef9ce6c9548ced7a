-- Each bronze line as delivered, beside what its trimmed text means as a number, a day or an id (NULL where it means none).
-- Text becomes a number by pattern first, so that '12.7', '1e3' or '1,000' is no quantity on any engine. Text that a
-- value writes back the same way needs no pattern, which is quicker.
SELECT
    *,
    CASE
        WHEN CAST(TRY_CAST(trimmed_quantity AS INTEGER) AS VARCHAR) = trimmed_quantity -- most lines
        THEN TRY_CAST(trimmed_quantity AS INTEGER)
        WHEN regexp_matches(trimmed_quantity, '^[+-]?[0-9]+([.]0*)?$')
        THEN TRY_CAST(regexp_replace(trimmed_quantity, '[.]0*$', '') AS INTEGER)
    END AS typed_quantity,
    CASE
        WHEN CAST(TRY_CAST(trimmed_price AS DECIMAL(10, 2)) AS VARCHAR) = trimmed_price
        THEN TRY_CAST(trimmed_price AS DECIMAL(10, 2))
        WHEN regexp_matches(trimmed_price, '^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)$')
        THEN TRY_CAST(trimmed_price AS DECIMAL(10, 2))
    END AS typed_price,
    CASE
        WHEN length(trimmed_date) = 10 AND CAST(TRY_CAST(trimmed_date AS DATE) AS VARCHAR) = trimmed_date
        THEN TRY_CAST(trimmed_date AS DATE) -- most lines
        WHEN regexp_matches(trimmed_date, '^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{1,2}:[0-9]{2}.*)?$')
        THEN TRY_CAST(substr(trimmed_date, 1, 10) AS DATE)
    END AS typed_date,
    CASE
        WHEN regexp_matches(trimmed_customer, '^[0-9]+[.]0$')
        THEN substr(trimmed_customer, 1, length(trimmed_customer) - 2)
        ELSE trimmed_customer
    END AS typed_customer
FROM trimmed
