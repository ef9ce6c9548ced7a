-- Scores, decayed value and rhythm of every customer, as of every day of the calendar. What a customer bought changes on
-- days with a delivery only: states over those days, as in customer_rfm, joined to the days they are valid for.
WITH start AS (
    SELECT min(as_of_date) AS first_day
    FROM calendar
),

delivery AS (
    -- What was delivered before the calendar is known from its first day on. Value counts from a fixed day, so that all
    -- of it decays alike: to a day, it is divided by one number.
    SELECT
        CustomerID,
        greatest(processing_date, first_day) AS known_from,
        (sqrt(greatest(total, 0)) - sqrt(greatest(total_before, 0)))
        * exp(datediff('day', DATE '2000-01-01', InvoiceDate) / 200) AS value_added
    FROM (
        SELECT
            *,
            CAST(sum(Amount) OVER so_far AS DOUBLE) AS total,
            CAST((sum(Amount) OVER so_far) - Amount AS DOUBLE) AS total_before
        FROM order_money
        WINDOW so_far AS (PARTITION BY CustomerID, InvoiceNo ORDER BY processing_date)
    ) AS invoice
    CROSS JOIN start
),

state AS (
    SELECT
        CustomerID,
        known_from AS valid_from,
        coalesce(lead(known_from) OVER so_far, DATE '9999-12-31') AS valid_until,
        sum(value_added) OVER so_far AS value_so_far
    FROM (
        SELECT CustomerID, known_from, sum(value_added) AS value_added
        FROM delivery
        GROUP BY CustomerID, known_from
    ) AS change
    WINDOW so_far AS (PARTITION BY CustomerID ORDER BY known_from)
),

gap AS (
    -- The days between the purchase days that are known in each state; a late invoice may split a gap in two.
    SELECT CustomerID, valid_from, valid_until, days
    FROM (
        SELECT
            state.CustomerID,
            valid_from,
            valid_until,
            datediff(
                'day', bought_on, lead(bought_on) OVER (PARTITION BY state.CustomerID, valid_from ORDER BY bought_on)
            ) AS days
        FROM state
        JOIN (
            SELECT CustomerID, InvoiceDate AS bought_on, min(greatest(processing_date, first_day)) AS known_from
            FROM customer_invoices
            CROSS JOIN start
            GROUP BY CustomerID, InvoiceDate
        ) AS visit ON visit.CustomerID = state.CustomerID AND visit.known_from <= state.valid_from
    ) AS followed
    WHERE days IS NOT NULL
),

own_rhythm AS (
    -- The median, and the 80th percentile by nearest rank: the shortest gap that four of five do not exceed.
    SELECT
        CustomerID,
        valid_from,
        max(gaps) AS gaps,
        (min(days) FILTER (WHERE 2 * place >= gaps) + min(days) FILTER (WHERE 2 * place > gaps)) / 2 AS typical,
        min(days) FILTER (WHERE 5 * place >= 4 * gaps) AS late
    FROM (
        SELECT
            *,
            row_number() OVER (PARTITION BY CustomerID, valid_from ORDER BY days) AS place,
            count(*) OVER (PARTITION BY CustomerID, valid_from) AS gaps
        FROM gap
    ) AS placed
    GROUP BY CustomerID, valid_from
),

gaps_of_length AS (
    -- How many gaps of each length all customers have, from one change to the next.
    SELECT
        days,
        changed_on AS valid_from,
        coalesce(lead(changed_on) OVER so_far, DATE '9999-12-31') AS valid_until,
        sum(change) OVER so_far AS gaps
    FROM (
        SELECT days, changed_on, sum(change) AS change
        FROM (
            SELECT days, valid_from AS changed_on, 1 AS change FROM gap
            UNION ALL
            SELECT days, valid_until, -1 FROM gap
        ) AS counted
        GROUP BY days, changed_on
    ) AS changed
    WINDOW so_far AS (PARTITION BY days ORDER BY changed_on)
),

shop_rhythm AS (
    SELECT
        as_of_date,
        (min(days) FILTER (WHERE 2 * place >= gaps) + min(days) FILTER (WHERE 2 * place > gaps)) / 2 AS typical,
        min(days) FILTER (WHERE 5 * place >= 4 * gaps) AS late
    FROM (
        SELECT
            as_of_date,
            days,
            sum(of_length.gaps) OVER (PARTITION BY as_of_date ORDER BY days) AS place,
            sum(of_length.gaps) OVER (PARTITION BY as_of_date) AS gaps
        FROM gaps_of_length AS of_length
        JOIN calendar ON as_of_date >= valid_from AND as_of_date < valid_until
        WHERE of_length.gaps > 0
    ) AS placed
    GROUP BY as_of_date
),

customer AS (
    SELECT
        customer_rfm.*,
        -- To twelve decimals, and not below zero: the order in which an engine adds up must not change a value.
        greatest(
            round(
                state.value_so_far
                * exp(datediff('day', customer_rfm.as_of_date, DATE '2000-01-01') / 200)
                * 1000000000000
            ) / 1000000000000,
            0
        ) AS Value_Score,
        -- Three gaps of the customer's own are a rhythm; with fewer, the shop's counts as three more.
        CASE
            WHEN own.gaps >= 3 THEN own.typical
            ELSE coalesce((own.gaps * own.typical + 3 * shop.typical) / (own.gaps + 3), shop.typical)
        END AS typical,
        CASE
            WHEN own.gaps >= 3 THEN own.late
            ELSE coalesce((own.gaps * own.late + 3 * shop.late) / (own.gaps + 3), shop.late)
        END AS late
    FROM customer_rfm
    JOIN state
        ON state.CustomerID = customer_rfm.CustomerID
        AND customer_rfm.as_of_date >= state.valid_from
        AND customer_rfm.as_of_date < state.valid_until
    LEFT JOIN own_rhythm AS own ON own.CustomerID = state.CustomerID AND own.valid_from = state.valid_from
    LEFT JOIN shop_rhythm AS shop ON shop.as_of_date = customer_rfm.as_of_date
),

scored AS (
    -- A score is the fifth of the day's customers that the average rank of equal values is in: equal values share it.
    SELECT
        *,
        CAST(ceil(5 * (rank() OVER by_recency + count(*) OVER by_recency) / (2 * count(*) OVER of_day)) AS INTEGER)
        AS R_Score,
        CAST(ceil(5 * (rank() OVER by_frequency + count(*) OVER by_frequency) / (2 * count(*) OVER of_day)) AS INTEGER)
        AS F_Score,
        CAST(ceil(5 * (rank() OVER by_monetary + count(*) OVER by_monetary) / (2 * count(*) OVER of_day)) AS INTEGER)
        AS M_Score,
        (rank() OVER by_value + (count(*) OVER by_value) - 1) / (2 * count(*) OVER of_day) AS Value_Rank
    FROM customer
    WINDOW
        of_day AS (PARTITION BY as_of_date),
        by_recency AS (PARTITION BY as_of_date ORDER BY Recency DESC),
        by_frequency AS (PARTITION BY as_of_date ORDER BY Frequency),
        by_monetary AS (PARTITION BY as_of_date ORDER BY Monetary),
        -- To nine decimals: values that are equal but for the adding up share a rank.
        by_value AS (PARTITION BY as_of_date ORDER BY round(Value_Score * 1000000000))
)

SELECT
    scored.as_of_date,
    scored.CustomerID,
    scored.R_Score,
    scored.F_Score,
    scored.M_Score,
    rfm_names.RFM_Name,
    scored.Value_Score,
    scored.Value_Rank,
    scored.MaxInvoiceDate + CAST(ceil(scored.typical) AS INTEGER) AS Next_Order_Due,
    coalesce(scored.Recency > scored.late, false) AS Overdue,
    scored.typical AS Typical_Gap_Days
FROM scored
JOIN rfm_names
    ON rfm_names.R_Score = scored.R_Score
    AND rfm_names.F_Score = scored.F_Score
    AND rfm_names.M_Score = scored.M_Score
