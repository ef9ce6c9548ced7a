-- Each bronze line as delivered, beside what its text means as a number, a day or an id (NULL where it means none).
-- Text becomes a number by pattern first, so that '12.7', '1e3' or '1,000' is no quantity on any engine. Text that a
-- value writes back the same way needs no pattern, which is quicker.
SELECT
    *,
    CASE
        WHEN CAST(TRY_CAST(Quantity AS INTEGER) AS VARCHAR) = Quantity THEN TRY_CAST(Quantity AS INTEGER) -- most lines
        WHEN regexp_matches(trim(Quantity), '^[+-]?[0-9]+([.]0*)?$')
        THEN TRY_CAST(regexp_replace(trim(Quantity), '[.]0*$', '') AS INTEGER)
    END AS typed_quantity,
    CASE
        WHEN CAST(TRY_CAST(Price AS DECIMAL(10, 2)) AS VARCHAR) = Price THEN TRY_CAST(Price AS DECIMAL(10, 2))
        WHEN regexp_matches(trim(Price), '^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)$')
        THEN TRY_CAST(trim(Price) AS DECIMAL(10, 2))
    END AS typed_price,
    CASE
        WHEN length(InvoiceDate) = 10 AND CAST(TRY_CAST(InvoiceDate AS DATE) AS VARCHAR) = InvoiceDate
        THEN TRY_CAST(InvoiceDate AS DATE) -- most lines
        WHEN regexp_matches(trim(InvoiceDate), '^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{1,2}:[0-9]{2}.*)?$')
        THEN TRY_CAST(substr(trim(InvoiceDate), 1, 10) AS DATE)
    END AS typed_date,
    CASE
        WHEN regexp_matches(trim(CustomerID), '^[0-9]+[.]0$')
        THEN substr(trim(CustomerID), 1, length(trim(CustomerID)) - 2)
        WHEN trim(CustomerID) <> '' THEN trim(CustomerID)
    END AS typed_customer
FROM transactions
