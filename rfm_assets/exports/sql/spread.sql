-- A sum over the lines of an order, in proportion to `weight`, by largest remainder: the parts add up to the minor unit.
SELECT * EXCLUDE (share_weight, whole, units_of_sum, part, leftover, given, place),
    CAST((part + CASE WHEN place <= units_of_sum - given THEN 1 ELSE 0 END) * sign(total) AS DECIMAL(18, 2)) / $minor AS share
FROM (
    SELECT *,
        sum(part) OVER (PARTITION BY $key) AS given,
        row_number() OVER (PARTITION BY $key ORDER BY leftover DESC, record, seq) AS place
    FROM (
        SELECT *,
            (units_of_sum * share_weight) // whole AS part,
            (units_of_sum * share_weight) % whole AS leftover
        FROM (
            SELECT *,
                CAST(round(abs(total) * $minor) AS HUGEINT) AS units_of_sum,
                CASE WHEN whole_weight > 0 THEN weight ELSE 1 END AS share_weight,
                CASE WHEN whole_weight > 0 THEN whole_weight ELSE lines_of_key END AS whole
            FROM (
                SELECT *,
                    sum(weight) OVER (PARTITION BY $key) AS whole_weight,
                    count(*) OVER (PARTITION BY $key) AS lines_of_key
                FROM (SELECT *, CAST(greatest(round(coalesce($weight, 0) * $minor), 0) AS HUGEINT) AS weight FROM ($lines))
            )
        )
    )
)
