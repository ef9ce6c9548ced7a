-- What a customer has spent, returned and kept as of a day.
SELECT Gross AS gross, Returned AS returned, Net AS net, 100 * Return_Rate AS rate
FROM gold.customer_money
WHERE as_of_date = $as_of AND CustomerID = $customer
