-- Typed lines with the customer that each is of, in place of an alias on the days on which it is one.
SELECT line.*, coalesce(alias.customer, line.typed_customer) AS customer
FROM line
LEFT JOIN alias
    ON alias.alias = line.typed_customer
    AND line.processing_date >= alias.first_day
    AND line.processing_date < alias.until_day
