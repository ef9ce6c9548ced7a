-- A column of discounts beside quantity, unit price and amount: how many are filled, and are numbers; how many are not
-- zero, and of these, are at most 1, are whole and at most 100, are at most what the line comes to; how many amounts are
-- before, and after, the discount; and of orders with several discounts, how many have one on all lines.
SELECT
    count(discount),
    count(off),
    count(*) FILTER (off > 0),
    count(*) FILTER (off > 0 AND off <= 1),
    count(*) FILTER (off > 0 AND off = trunc(off) AND off <= 100),
    count(*) FILTER (off > 0 AND off <= abs(gross)),
    count(*) FILTER (off > 0 AND abs(total - gross) <= 0.01),
    count(*) FILTER (off > 0 AND abs(total - (gross - off)) <= 0.01),
    count(DISTINCT number) FILTER (off > 0 AND discounts > 1 AND lowest = highest),
    count(DISTINCT number) FILTER (off > 0 AND discounts > 1)
FROM (
    SELECT
        *,
        count(*) FILTER (off > 0) OVER (PARTITION BY number) AS discounts,
        min(off) FILTER (off > 0) OVER (PARTITION BY number) AS lowest,
        max(off) OVER (PARTITION BY number) AS highest
    FROM (
        SELECT
            number,
            discount,
            abs(read_number(discount)) AS off,
            coalesce(read_number(quantity), 1) * read_number(unit) AS gross,
            read_number(amount) AS total
        FROM mapped
        WHERE left_out IS NULL
    )
)
