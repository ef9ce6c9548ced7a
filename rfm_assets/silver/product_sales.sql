-- The sales that recency, frequency and monetary value are made of.
SELECT *
FROM sales
WHERE CountsForCustomer
