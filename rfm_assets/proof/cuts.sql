-- The month ends whose horizon ends on a day of the calendar: a partition holds what has become known on its day.
SELECT calendar.as_of_date AS measured_on, calendar.as_of_date - horizon.days AS as_of_date, horizon.days AS horizon_days
FROM calendar
CROSS JOIN horizon
WHERE month(calendar.as_of_date - horizon.days) <> month(calendar.as_of_date - horizon.days + 1)
