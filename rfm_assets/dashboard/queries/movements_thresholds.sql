-- The medians of a day and of an earlier one.
SELECT
    now.median_recency AS recency,
    now.median_frequency AS frequency,
    now.median_monetary AS monetary,
    earlier.median_recency AS recency_before,
    earlier.median_frequency AS frequency_before,
    earlier.median_monetary AS monetary_before
FROM gold.segment_thresholds AS now
JOIN gold.segment_thresholds AS earlier ON earlier.as_of_date = $compared_to
WHERE now.as_of_date = $as_of
