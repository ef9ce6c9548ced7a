-- Each customer known at a cut, and what was delivered of theirs after it, up to the end of the horizon. A cut whose
-- customers are not stored any more has none.
SELECT
    cut.measured_on,
    cut.as_of_date,
    cut.horizon_days,
    known.CustomerID,
    known.segment,
    coalesce(later.spent, 0) AS spent
FROM cut
JOIN customer_segments AS known ON known.as_of_date = cut.as_of_date
LEFT JOIN (
    SELECT cut.measured_on, cut.horizon_days, invoice.CustomerID, sum(invoice.Amount) AS spent
    FROM cut
    JOIN customer_invoices AS invoice
        ON invoice.processing_date > cut.as_of_date AND invoice.processing_date <= cut.measured_on
    GROUP BY cut.measured_on, cut.horizon_days, invoice.CustomerID
) AS later
    ON later.measured_on = cut.measured_on
    AND later.horizon_days = cut.horizon_days
    AND later.CustomerID = known.CustomerID
