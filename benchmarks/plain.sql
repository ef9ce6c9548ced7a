-- The yardstick: the tables as one plain DuckDB script would make them, without partitions, checks or history; all but
-- the ledger.
CREATE SCHEMA bronze; CREATE SCHEMA silver; CREATE SCHEMA quality; CREATE SCHEMA gold;

CREATE TABLE bronze.transactions AS
SELECT Invoice, StockCode, Description, Quantity, Price, "Customer ID" AS CustomerID, Country, InvoiceDate,
    CAST(NULL AS VARCHAR) AS _rescued_data, filename AS source_file, now()::TIMESTAMP AS ingestion_timestamp,
    CAST(regexp_extract(filename, '(\d{4}-\d{2}-\d{2})[^/]*$', 1) AS DATE) AS processing_date
FROM read_csv(getvariable('files'), header = true, filename = true, auto_detect = false, delim = ',', quote = '"',
    escape = '"', ignore_errors = true, columns = {'Invoice': 'VARCHAR', 'StockCode': 'VARCHAR', 'Description': 'VARCHAR',
    'Quantity': 'VARCHAR', 'Price': 'VARCHAR', 'Customer ID': 'VARCHAR', 'Country': 'VARCHAR', 'InvoiceDate': 'VARCHAR'});

CREATE TEMP VIEW typed AS
SELECT * REPLACE (nullif(trim(Invoice, blanks), '') AS Invoice, nullif(trim(StockCode, blanks), '') AS StockCode),
    TRY_CAST(Quantity AS INTEGER) AS q, TRY_CAST(Price AS DECIMAL(10, 2)) AS p, TRY_CAST(InvoiceDate AS DATE) AS d,
    CASE WHEN NOT regexp_full_match(trim(CustomerID, blanks), '-|nan|none|\(?null\)?|#?n/?a|<na>|', 'i')
        THEN regexp_replace(trim(CustomerID, blanks), '^(\d+)\.0$', '\1') END AS c
FROM bronze.transactions, (SELECT ' ' || chr(9) || chr(160) AS blanks);

CREATE TABLE silver.transactions AS
SELECT Invoice AS InvoiceNo, StockCode, Description, q AS Quantity, p AS UnitPrice, c AS CustomerID, Country,
    d AS InvoiceDate, ingestion_timestamp, source_file, processing_date, regexp_full_match(Invoice, '[cC]\d+') AS IsCancellation,
    CAST(q * p AS DECIMAL(21, 2)) AS TotalPrice, year(d)::INTEGER AS Year, month(d)::INTEGER AS Month,
    dayofweek(d)::INTEGER + 1 AS DayOfWeek, concat_ws('_', Invoice, StockCode, q) AS SurrogateKey
FROM typed WHERE length(Invoice) IN (6, 7) AND StockCode IS NOT NULL AND q > 0 AND p >= 0
    AND d BETWEEN DATE '1990-01-01' AND processing_date;

CREATE TABLE silver.rejected_transactions AS
SELECT * EXCLUDE (q, p, d, c, blanks), concat_ws(',',
    CASE WHEN NOT coalesce(length(Invoice) IN (6, 7), false) THEN 'valid_invoice_no' END,
    CASE WHEN StockCode IS NULL THEN 'valid_stock_code' END,
    CASE WHEN NOT coalesce(q > 0, false) THEN 'valid_quantity' END,
    CASE WHEN NOT coalesce(p >= 0, false) THEN 'valid_unit_price' END,
    CASE WHEN NOT coalesce(d >= DATE '1990-01-01', false) THEN 'valid_invoice_date' END,
    CASE WHEN d > processing_date THEN 'not_after_its_file' END) AS failed_rules
FROM typed WHERE NOT coalesce(length(Invoice) IN (6, 7) AND StockCode IS NOT NULL AND q > 0 AND p >= 0
    AND d BETWEEN DATE '1990-01-01' AND processing_date, false);

CREATE TABLE silver.customer_invoices AS
SELECT processing_date, CustomerID, InvoiceNo, max(InvoiceDate) AS InvoiceDate, sum(TotalPrice)::DECIMAL(31, 2) AS Amount
FROM silver.transactions WHERE CustomerID IS NOT NULL AND NOT IsCancellation
    AND regexp_full_match(StockCode, '(\d{5}[a-zA-Z]*|PADS)') GROUP BY ALL;

CREATE TABLE silver.invoices AS
SELECT processing_date, InvoiceNo, CustomerID, Country, max(InvoiceDate) AS InvoiceDate,
    sum(TotalPrice)::DECIMAL(31, 2) AS Amount,
    (sum(TotalPrice) FILTER (CustomerID IS NOT NULL AND regexp_full_match(StockCode, '(\d{5}[a-zA-Z]*|PADS)')))::DECIMAL(31, 2)
        AS ProductAmount
FROM silver.transactions WHERE NOT IsCancellation GROUP BY ALL;

CREATE TABLE quality.bronze_daily_quality AS
SELECT processing_date, count(*) AS total_records, count(DISTINCT source_file) AS files_processed,
    count(DISTINCT InvoiceDate) AS distinct_invoice_date, count(*) AS valid_records,
    count(*) FILTER (Invoice IS NULL) AS null_invoices, count(*) FILTER (StockCode IS NULL) AS null_stock_codes,
    count(*) FILTER (c IS NULL) AS null_customer_ids, count(*) FILTER (q <= 0) AS bad_quantities,
    count(*) FILTER (p < 0) AS bad_price, 100.0 AS rescued_data_quality_score, now() AS created_timestamp
FROM typed GROUP BY ALL;

CREATE TABLE quality.bronze_silver_dq_comparison AS
SELECT processing_date, 'bronze_transactions_raw' AS table_layer, count(*) AS total_records,
    count(*) FILTER (Invoice IS NULL) AS null_invoice, count(*) FILTER (length(Invoice) NOT IN (6, 7)) AS bad_invoice,
    count(*) FILTER (StockCode IS NULL) AS null_stock_code, count(*) FILTER (q IS NULL) AS null_quantity,
    count(*) FILTER (q <= 0) AS bad_quantity, count(*) FILTER (d IS NULL) AS null_invoice_date,
    count(*) FILTER (p < 0) AS bad_price, count(*) FILTER (c IS NULL) AS null_customer_id
FROM typed GROUP BY ALL
UNION ALL
SELECT processing_date, 'silver_transactions_clean', count(*), count(*) FILTER (InvoiceNo IS NULL),
    count(*) FILTER (length(InvoiceNo) NOT IN (6, 7)), count(*) FILTER (StockCode IS NULL),
    count(*) FILTER (Quantity IS NULL), count(*) FILTER (Quantity <= 0), count(*) FILTER (InvoiceDate IS NULL),
    count(*) FILTER (UnitPrice < 0), count(*) FILTER (CustomerID IS NULL)
FROM silver.transactions GROUP BY ALL;

CREATE TABLE quality.daily_counts AS
SELECT processing_date, '01_bronze_transactions_raw' AS table_layer, d AS invoicedate, count(*) AS record_counts
FROM typed GROUP BY ALL
UNION ALL
SELECT processing_date, '02_silver_transactions_clean', InvoiceDate, count(*) FROM silver.transactions GROUP BY ALL;

CREATE TABLE quality.rule_outcomes AS
SELECT processing_date, rule, count(*) FILTER (passes) AS passed_records, count(*) FILTER (NOT passes) AS failed_records
FROM (UNPIVOT (
    SELECT processing_date, coalesce(length(Invoice) IN (6, 7), false) AS valid_invoice_no,
        StockCode IS NOT NULL AS valid_stock_code, coalesce(q > 0, false) AS valid_quantity,
        coalesce(p >= 0, false) AS valid_unit_price, coalesce(d >= DATE '1990-01-01', false) AS valid_invoice_date,
        coalesce(d <= processing_date, true) AS not_after_its_file
    FROM typed
) ON COLUMNS(* EXCLUDE processing_date) INTO NAME rule VALUE passes) GROUP BY ALL;

CREATE TABLE gold.customer_rfm AS
WITH first_line AS (
    SELECT CustomerID, min(processing_date) AS day FROM silver.customer_invoices GROUP BY CustomerID, InvoiceNo
), change AS (
    SELECT CustomerID, day, max(last_day) AS last_day, sum(spent) AS spent, sum(invoices) AS invoices FROM (
        SELECT CustomerID, processing_date AS day, max(InvoiceDate) AS last_day, sum(Amount) AS spent, 0 AS invoices
        FROM silver.customer_invoices GROUP BY ALL
        UNION ALL SELECT CustomerID, day, NULL, 0, count(*) FROM first_line GROUP BY ALL
    ) GROUP BY ALL
), state AS (
    SELECT CustomerID, day, coalesce(lead(day) OVER w, DATE '9999-12-31') AS until, max(last_day) OVER w AS last_day,
        sum(invoices) OVER w AS invoices, sum(spent) OVER w AS spent
    FROM change WINDOW w AS (PARTITION BY CustomerID ORDER BY day)
)
SELECT as_of_date, CustomerID, last_day AS MaxInvoiceDate, CAST(as_of_date - last_day AS INTEGER) AS Recency,
    CAST(invoices AS BIGINT) AS Frequency, CAST(spent AS DECIMAL(31, 2)) AS Monetary
FROM state JOIN (SELECT DISTINCT processing_date AS as_of_date FROM bronze.transactions) c
    ON as_of_date >= day AND as_of_date < until;

CREATE TABLE gold.segment_thresholds AS
SELECT as_of_date, median(Monetary::DOUBLE) AS median_monetary, median(Frequency::DOUBLE) AS median_frequency,
    median(Recency::DOUBLE) AS median_recency, count(*) AS customers FROM gold.customer_rfm GROUP BY ALL;

CREATE TABLE gold.customer_segments AS
SELECT as_of_date, CustomerID, Recency, Frequency, Monetary, value_tier, engagement_status,
    value_tier || ' - ' || engagement_status AS segment, 'recommendation: ' || segment AS recommendation
FROM (
    SELECT *, CASE WHEN Monetary > 2 * median_monetary THEN 'High Value' WHEN Monetary > median_monetary
            THEN 'Growing Value' ELSE 'Base Value' END AS value_tier,
        CASE WHEN Frequency > median_frequency THEN CASE WHEN Recency < median_recency THEN 'Active & Engaged'
            ELSE 'At Risk' END WHEN Recency < median_recency THEN 'Developing' ELSE 'Inactive' END AS engagement_status
    FROM gold.customer_rfm JOIN gold.segment_thresholds USING (as_of_date)
);

CREATE TABLE gold.segment_summary AS
SELECT as_of_date, segment AS Segment, any_value(recommendation) AS recommendation, count(*) AS Customer_Count,
    round(avg(Monetary), 2) AS Avg_Monetary, round(median(Monetary::DOUBLE), 2) AS Med_Monetary,
    round(avg(Frequency), 2) AS Avg_Frequency, median(Frequency::DOUBLE) AS Med_Frequency,
    round(avg(Recency), 2) AS Avg_Recency, median(Recency::DOUBLE) AS Med_Recency, sum(Monetary) AS Total_Revenue,
    round(100 * count(*) / sum(count(*)) OVER d, 2) AS Pct_of_Customers,
    round(100 * sum(Monetary) / sum(sum(Monetary)) OVER d, 2) AS Pct_of_Revenue
FROM gold.customer_segments GROUP BY as_of_date, segment WINDOW d AS (PARTITION BY as_of_date);

CREATE TABLE gold.segment_migration AS
SELECT as_of_date, compared_to, from_segment, to_segment, count(*) AS Customer_Count, sum(Monetary) AS Monetary,
    count(*) FILTER (from_segment <> to_segment AND bought) AS purchased,
    count(*) FILTER (from_segment <> to_segment AND NOT bought AND aged_segment <> from_segment) AS aged,
    count(*) FILTER (from_segment <> to_segment AND NOT bought AND aged_segment = from_segment) AS threshold
FROM (
    SELECT today.as_of_date, t.as_of_date AS compared_to, coalesce(earlier.segment, 'New customer') AS from_segment,
        today.segment AS to_segment, today.Monetary,
        earlier.CustomerID IS NULL OR today.as_of_date - today.Recency > t.as_of_date
            OR today.Frequency <> earlier.Frequency OR today.Monetary <> earlier.Monetary AS bought,
        CASE WHEN today.Monetary > 2 * median_monetary THEN 'High Value' WHEN today.Monetary > median_monetary
            THEN 'Growing Value' ELSE 'Base Value' END || ' - ' ||
        CASE WHEN today.Frequency > median_frequency THEN CASE WHEN today.Recency < median_recency
            THEN 'Active & Engaged' ELSE 'At Risk' END WHEN today.Recency < median_recency THEN 'Developing'
            ELSE 'Inactive' END AS aged_segment
    FROM gold.customer_segments AS today
    JOIN gold.segment_thresholds AS t ON t.as_of_date IN
        (today.as_of_date - 1, today.as_of_date - 7, today.as_of_date - 30)
    LEFT JOIN gold.customer_segments AS earlier
        ON earlier.as_of_date = t.as_of_date AND earlier.CustomerID = today.CustomerID
) GROUP BY ALL;
