-- How many customers a list has, and what they have spent.
SELECT count(*) AS customers, coalesce(sum(monetary), 0) AS spent
FROM customers_listed
