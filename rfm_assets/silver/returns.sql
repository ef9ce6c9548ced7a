-- Return lines, each with the order that it takes back, if known: the customer's latest order of the product that is not
-- dated after the return, was delivered by its day, and has enough units. Among these, an order of the return's own store
-- comes first, then the one that the number of an export's refund ends in.
WITH line AS (
    SELECT
        processing_date,
        source_file,
        trimmed_invoice AS InvoiceNo,
        trimmed_stock_code AS StockCode,
        customer AS CustomerID,
        typed_date AS InvoiceDate,
        -CAST(typed_quantity AS BIGINT) AS Quantity,
        -- The quantity shows that it is a return, so the sign of its total does not matter.
        CAST(abs(coalesce(typed_line_amount, $quantity_times_price)) AS DECIMAL(21, 2)) AS Amount,
        CASE
            WHEN is_cancellation AND typed_line_amount < 0 THEN 'refund'
            WHEN is_cancellation THEN 'cancellation'
            ELSE 'negative quantity'
        END AS Kind,
        $store AS store
    FROM refused
    WHERE takes_back
    UNION ALL
    SELECT
        processing_date,
        source_file,
        InvoiceNo,
        StockCode,
        CustomerID,
        InvoiceDate,
        CAST(Quantity AS BIGINT),
        TotalPrice,
        'cancellation',
        $store
    FROM transactions
    WHERE IsCancellation AND processing_date BETWEEN $first AND $last
),

sold AS (
    SELECT
        CustomerID,
        OrderNo,
        InvoiceNo,
        StockCode,
        processing_date,
        InvoiceDate,
        max($store) AS store,
        sum(Quantity) AS units,
        sum(TotalPrice) AS amount,
        sum(CASE WHEN CountsForCustomer THEN Quantity ELSE 0 END) AS counted_units,
        sum(CASE WHEN CountsForCustomer THEN TotalPrice ELSE 0 END) AS counted_amount
    FROM orders
    GROUP BY CustomerID, OrderNo, InvoiceNo, StockCode, processing_date, InvoiceDate
),

-- Lines that are alike take back the same.
wanted AS (
    SELECT DISTINCT
        processing_date,
        CustomerID,
        StockCode,
        InvoiceDate,
        Quantity,
        CASE WHEN Kind = 'refund' THEN InvoiceNo ELSE '' END AS names,
        store
    FROM line
    WHERE CustomerID IS NOT NULL
),

candidate AS (
    SELECT
        wanted.processing_date,
        wanted.CustomerID,
        wanted.StockCode,
        wanted.InvoiceDate,
        wanted.Quantity,
        wanted.names,
        wanted.store,
        sold.OrderNo AS TakesBack,
        sold.InvoiceNo,
        max(sold.store) AS sold_in,
        max(sold.InvoiceDate) AS SoldOn,
        CAST(sum(sold.units) AS BIGINT) AS SoldQuantity,
        CAST(sum(sold.amount) AS DECIMAL(31, 2)) AS SoldAmount
    FROM wanted
    JOIN sold
        ON sold.CustomerID = wanted.CustomerID
        AND sold.StockCode = wanted.StockCode
        AND sold.processing_date <= wanted.processing_date
        AND sold.InvoiceDate <= wanted.InvoiceDate
    GROUP BY
        wanted.processing_date,
        wanted.CustomerID,
        wanted.StockCode,
        wanted.InvoiceDate,
        wanted.Quantity,
        wanted.names,
        wanted.store,
        sold.OrderNo,
        sold.InvoiceNo
    HAVING sum(sold.units) >= wanted.Quantity
),

taken AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY processing_date, CustomerID, StockCode, InvoiceDate, Quantity, names, store
            ORDER BY
                CASE WHEN sold_in = store THEN 1 ELSE 2 END,
                CASE WHEN substr(names, length(names) - length(InvoiceNo) + 1) = InvoiceNo THEN 1 ELSE 2 END,
                SoldOn DESC,
                TakesBack DESC
        ) AS place
    FROM candidate
),

-- All that counts of an order, as it was delivered by the day of a return.
whole_order AS (
    SELECT
        taken.processing_date,
        sold.CustomerID,
        sold.OrderNo,
        CAST(sum(sold.counted_units) AS BIGINT) AS units,
        CAST(sum(sold.counted_amount) AS DECIMAL(31, 2)) AS amount
    FROM (SELECT DISTINCT processing_date, CustomerID, TakesBack FROM taken WHERE place = 1) AS taken
    JOIN sold
        ON sold.CustomerID = taken.CustomerID
        AND sold.OrderNo = taken.TakesBack
        AND sold.processing_date <= taken.processing_date
    GROUP BY taken.processing_date, sold.CustomerID, sold.OrderNo
)

SELECT
    line.processing_date,
    line.InvoiceNo,
    line.StockCode,
    line.CustomerID,
    line.InvoiceDate,
    line.Quantity,
    line.Amount,
    line.Kind,
    coalesce(line.CustomerID IS NOT NULL AND $is_product, false) AS CountsForCustomer,
    taken.TakesBack IS NOT NULL AS IsMatched,
    taken.TakesBack,
    taken.SoldOn,
    taken.SoldQuantity,
    taken.SoldAmount,
    whole_order.units AS OrderQuantity,
    whole_order.amount AS OrderAmount,
    line.source_file
FROM line
LEFT JOIN taken
    ON taken.place = 1
    AND taken.processing_date = line.processing_date
    AND taken.CustomerID = line.CustomerID
    AND taken.StockCode = line.StockCode
    AND taken.InvoiceDate = line.InvoiceDate
    AND taken.Quantity = line.Quantity
    AND taken.names = CASE WHEN line.Kind = 'refund' THEN line.InvoiceNo ELSE '' END
    AND taken.store = line.store
LEFT JOIN whole_order
    ON whole_order.processing_date = line.processing_date
    AND whole_order.CustomerID = line.CustomerID
    AND whole_order.OrderNo = taken.TakesBack
