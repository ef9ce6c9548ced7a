-- Typed lines with their customer, which replaces an alias on the days on which the alias is valid.
SELECT line.*, coalesce(alias.customer, line.typed_customer) AS customer
FROM line
LEFT JOIN alias
    ON alias.alias = line.typed_customer
    AND line.processing_date >= alias.first_day
    AND line.processing_date < alias.until_day
