-- Every customer of a day by where it was on an earlier day and where it is, and why it moved.
-- Bought since: purchased. Else, if the medians of the earlier day would have moved it as well: aged. Else: threshold.
WITH before AS (
    SELECT CustomerID, segment
    FROM gold.customer_segments
    WHERE as_of_date = $compared_to
),

moved AS (
    SELECT
        coalesce(before.segment, 'New customer') AS from_segment,
        now.segment AS to_segment,
        now.Monetary,
        CASE
            WHEN before.segment IS NULL OR before.segment = now.segment THEN 'stayed'
            WHEN now.Recency < datediff('day', $compared_to, $as_of) THEN 'purchased'
            WHEN
                before.segment <> CASE
                    WHEN now.Monetary > 2 * median_monetary THEN 'High Value'
                    WHEN now.Monetary > median_monetary THEN 'Growing Value'
                    ELSE 'Base Value'
                END || ' - ' || CASE
                    WHEN now.Recency < median_recency AND now.Frequency > median_frequency THEN 'Active & Engaged'
                    WHEN now.Frequency > median_frequency THEN 'At Risk'
                    WHEN now.Recency < median_recency THEN 'Developing'
                    ELSE 'Inactive'
                END
                THEN 'aged'
            ELSE 'threshold'
        END AS cause
    FROM gold.customer_segments AS now
    LEFT JOIN before ON before.CustomerID = now.CustomerID
    CROSS JOIN (SELECT * FROM gold.segment_thresholds WHERE as_of_date = $compared_to) AS threshold
    WHERE now.as_of_date = $as_of
)

SELECT
    from_segment,
    to_segment,
    count(*) AS customers,
    CAST(sum(Monetary) AS DOUBLE) AS revenue,
    count(*) FILTER (WHERE cause = 'purchased') AS purchased,
    count(*) FILTER (WHERE cause = 'aged') AS aged,
    count(*) FILTER (WHERE cause = 'threshold') AS threshold
FROM moved
GROUP BY from_segment, to_segment
