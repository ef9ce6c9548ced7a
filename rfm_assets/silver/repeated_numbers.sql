-- Invoice numbers in `line` that several orders have used so far, with the order of each date, counted from 1. A number
-- starts a new order if every earlier delivered sale with it is dated more than $reuse_days days earlier or later; any other
-- sale belongs to the order that started nearest. Most shops have none.
WITH numbered AS (
    SELECT $number AS number, InvoiceDate, min(processing_date) AS delivered
    FROM transactions
    WHERE NOT IsCancellation AND $number IN (SELECT number FROM line)
    GROUP BY $number, InvoiceDate
),

used AS (
    SELECT number, InvoiceDate, delivered
    FROM numbered
    WHERE number IN (
        SELECT number
        FROM numbered
        GROUP BY number
        HAVING datediff('day', min(InvoiceDate), max(InvoiceDate)) > $reuse_days
    )
),

continued AS (
    SELECT DISTINCT used.number, used.InvoiceDate
    FROM used
    JOIN used AS earlier
        ON earlier.number = used.number
        AND abs(datediff('day', earlier.InvoiceDate, used.InvoiceDate)) <= $reuse_days
        AND (
            earlier.delivered < used.delivered
            OR (earlier.delivered = used.delivered AND earlier.InvoiceDate < used.InvoiceDate)
        )
),

started AS (
    SELECT
        used.number,
        used.InvoiceDate,
        used.delivered,
        row_number() OVER (PARTITION BY used.number ORDER BY used.delivered, used.InvoiceDate) AS nth
    FROM used
    LEFT JOIN continued ON continued.number = used.number AND continued.InvoiceDate = used.InvoiceDate
    WHERE continued.number IS NULL
)

SELECT number, InvoiceDate, nth
FROM (
    SELECT
        used.number,
        used.InvoiceDate,
        started.nth,
        row_number() OVER (
            PARTITION BY used.number, used.InvoiceDate
            ORDER BY abs(datediff('day', started.InvoiceDate, used.InvoiceDate)), started.nth
        ) AS place
    FROM used
    JOIN started
        ON started.number = used.number
        AND (
            started.delivered < used.delivered
            OR (started.delivered = used.delivered AND started.InvoiceDate <= used.InvoiceDate)
        )
) AS nearest
WHERE place = 1
