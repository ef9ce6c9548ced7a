-- A warehouse of version 1: what the pipeline stored before warehouses had a version. It stays as it is.
CREATE SCHEMA bronze;
CREATE SCHEMA gold;
CREATE SCHEMA meta;
CREATE SCHEMA ml;
CREATE SCHEMA quality;
CREATE SCHEMA silver;
CREATE TABLE bronze.landed_files (
    processing_date DATE, source_file VARCHAR, size_bytes BIGINT, version VARCHAR, rows BIGINT,
    malformed_rows BIGINT, first_seen TIMESTAMP, loaded_at TIMESTAMP, content_digest VARCHAR, duplicate_of VARCHAR);
INSERT INTO bronze.landed_files VALUES
    ('2025-06-26', '2025-06-26_transactions.csv', 908, '0d869c4844f0951c4eff4f2463d4e453', 3, 0, '2025-06-28 01:06:47.599508', '2025-06-28 01:06:47.599508', '0d869c4844f0951c4eff4f2463d4e4531dd6a9cebbb21b1dc00e7f8639419cc7', NULL),
    ('2025-06-27', '2025-06-27_transactions.csv', 998, '82ed49d25df8c4afb79130f24e07f959', 2, 0, '2025-06-28 01:06:47.599508', '2025-06-28 01:06:47.599508', '82ed49d25df8c4afb79130f24e07f9598cc6dcf24741570d12bbbcd2821396c9', NULL);
CREATE TABLE bronze.transactions (
    Invoice VARCHAR, StockCode VARCHAR, Description VARCHAR, Quantity VARCHAR, Price VARCHAR, CustomerID VARCHAR,
    Country VARCHAR, InvoiceDate VARCHAR, _rescued_data VARCHAR, source_file VARCHAR, ingestion_timestamp TIMESTAMP,
    processing_date DATE);
INSERT INTO bronze.transactions VALUES
    ('489434', '85048', 'CHRISTMAS GLASS BALL', '12', '6.95', '13085.0', 'United Kingdom', '2025-06-26', NULL, '2025-06-26_transactions.csv', '2025-06-28 01:06:47.599508', '2025-06-26'),
    ('489435', '85048', 'CHRISTMAS GLASS BALL', '12', '2.10', '13086.0', 'United Kingdom', '2025-06-26', NULL, '2025-06-26_transactions.csv', '2025-06-28 01:06:47.599508', '2025-06-26'),
    ('489436', '85048', 'CHRISTMAS GLASS BALL', '-1', '6.95', '13085.0', 'United Kingdom', '2025-06-26', NULL, '2025-06-26_transactions.csv', '2025-06-28 01:06:47.599508', '2025-06-26'),
    ('489437', '85048', 'CHRISTMAS GLASS BALL', '12', '6.95', '13085.0', 'United Kingdom', '2025-06-27', NULL, '2025-06-27_transactions.csv', '2025-06-28 01:06:47.599508', '2025-06-27'),
    ('489438', '85048', 'CHRISTMAS GLASS BALL', '3', '6.95', '13087.0', 'United Kingdom', '2025-06-27', NULL, '2025-06-27_transactions.csv', '2025-06-28 01:06:47.599508', '2025-06-27');
CREATE TABLE bronze.unloaded_files (
    processing_date DATE, source_file VARCHAR, version VARCHAR, outcome VARCHAR, reason VARCHAR, encoding VARCHAR,
    noted_at TIMESTAMP);
CREATE TABLE gold.customer_rfm (
    as_of_date DATE, CustomerID VARCHAR, MaxInvoiceDate DATE, Recency INTEGER, Frequency BIGINT,
    Monetary DECIMAL(31,2) USING COMPRESSION uncompressed);
INSERT INTO gold.customer_rfm VALUES
    ('2025-06-26', '13085', '2025-06-26', 0, 1, 83.40),
    ('2025-06-26', '13086', '2025-06-26', 0, 1, 25.20),
    ('2025-06-27', '13085', '2025-06-27', 0, 2, 166.80),
    ('2025-06-27', '13086', '2025-06-26', 1, 1, 25.20),
    ('2025-06-27', '13087', '2025-06-27', 0, 1, 20.85);
CREATE TABLE gold.customer_segments (
    as_of_date DATE, CustomerID VARCHAR, Recency INTEGER, Frequency BIGINT,
    Monetary DECIMAL(31,2) USING COMPRESSION uncompressed, value_tier VARCHAR, engagement_status VARCHAR,
    segment VARCHAR, recommendation VARCHAR);
INSERT INTO gold.customer_segments VALUES
    ('2025-06-26', '13085', 0, 1, 83.40, 'Growing Value', 'Inactive', 'Growing Value - Inactive', 'Standard reactivation: Email campaigns, modest incentives, feedback surveys'),
    ('2025-06-26', '13086', 0, 1, 25.20, 'Base Value', 'Inactive', 'Base Value - Inactive', 'Minimal investment: Automated surveys, low-cost reactivation, list maintenance'),
    ('2025-06-27', '13085', 0, 2, 166.80, 'High Value', 'At Risk', 'High Value - At Risk', 'Urgent win-back: Personal outreach, premium incentives, feedback collection'),
    ('2025-06-27', '13086', 1, 1, 25.20, 'Base Value', 'Inactive', 'Base Value - Inactive', 'Minimal investment: Automated surveys, low-cost reactivation, list maintenance'),
    ('2025-06-27', '13087', 0, 1, 20.85, 'Base Value', 'Inactive', 'Base Value - Inactive', 'Minimal investment: Automated surveys, low-cost reactivation, list maintenance');
CREATE TABLE gold.segment_migration (
    as_of_date DATE, compared_to DATE, from_segment VARCHAR, to_segment VARCHAR, Customer_Count BIGINT,
    Monetary DECIMAL(38,2) USING COMPRESSION uncompressed, purchased BIGINT, aged BIGINT, threshold BIGINT);
INSERT INTO gold.segment_migration VALUES
    ('2025-06-27', '2025-06-26', 'Base Value - Inactive', 'Base Value - Inactive', 1, 25.20, 0, 0, 0),
    ('2025-06-27', '2025-06-26', 'Growing Value - Inactive', 'High Value - At Risk', 1, 166.80, 1, 0, 0),
    ('2025-06-27', '2025-06-26', 'New customer', 'Base Value - Inactive', 1, 20.85, 1, 0, 0);
CREATE TABLE gold.segment_summary (
    as_of_date DATE, Segment VARCHAR, recommendation VARCHAR, Customer_Count BIGINT,
    Avg_Monetary DECIMAL(31,2) USING COMPRESSION uncompressed,
    Med_Monetary DECIMAL(31,2) USING COMPRESSION uncompressed, Avg_Frequency DECIMAL(18,2),
    Med_Frequency DECIMAL(18,2), Avg_Recency DECIMAL(18,2), Med_Recency DECIMAL(18,2),
    Total_Revenue DECIMAL(38,2) USING COMPRESSION uncompressed, Pct_of_Customers DECIMAL(5,2),
    Pct_of_Revenue DECIMAL(5,2));
INSERT INTO gold.segment_summary VALUES
    ('2025-06-26', 'Base Value - Inactive', 'Minimal investment: Automated surveys, low-cost reactivation, list maintenance', 1, 25.20, 25.20, 1.00, 1.00, 0.00, 0.00, 25.20, 50.00, 23.20),
    ('2025-06-26', 'Growing Value - Inactive', 'Standard reactivation: Email campaigns, modest incentives, feedback surveys', 1, 83.40, 83.40, 1.00, 1.00, 0.00, 0.00, 83.40, 50.00, 76.80),
    ('2025-06-27', 'Base Value - Inactive', 'Minimal investment: Automated surveys, low-cost reactivation, list maintenance', 2, 23.03, 23.03, 1.00, 1.00, 0.50, 0.50, 46.05, 66.67, 21.63),
    ('2025-06-27', 'High Value - At Risk', 'Urgent win-back: Personal outreach, premium incentives, feedback collection', 1, 166.80, 166.80, 2.00, 2.00, 0.00, 0.00, 166.80, 33.33, 78.37);
CREATE TABLE gold.segment_thresholds (
    as_of_date DATE, median_monetary DOUBLE, median_frequency DOUBLE, median_recency DOUBLE, customers BIGINT);
INSERT INTO gold.segment_thresholds VALUES
    ('2025-06-26', 54.300000000000004, 1.0, 0.0, 2),
    ('2025-06-27', 25.2, 1.0, 0.0, 3);
CREATE TABLE ml.cluster_selection (
    as_of_date DATE, k INTEGER, silhouette_score DOUBLE, inertia DOUBLE, elbow_distance DOUBLE,
    combined_score DOUBLE, chosen BOOLEAN);
CREATE TABLE ml.cluster_stability (
    as_of_date DATE, compared_to DATE, k INTEGER, previous_k INTEGER, adjusted_rand_index DOUBLE,
    matched_agreement DOUBLE, customers_in_both BIGINT);
INSERT INTO ml.cluster_stability VALUES
    ('2025-06-27', '2025-06-26', NULL, NULL, 1.0, 1.0, 2);
CREATE TABLE ml.cluster_summary (
    as_of_date DATE, Cluster INTEGER, Count BIGINT, Avg_Monetary DOUBLE, Med_Monetary DOUBLE, Avg_Frequency DOUBLE,
    Med_Frequency DOUBLE, Avg_Recency DOUBLE, Med_Recency DOUBLE, Cluster_Description VARCHAR,
    Cluster_Recommendation VARCHAR);
INSERT INTO ml.cluster_summary VALUES
    ('2025-06-26', 0, 2, 54.3, 54.3, 1.0, 1.0, 0.0, 0.0, 'Bronze Hibernating', 'Spend little: an occasional newsletter, and clean the list of those who never react.'),
    ('2025-06-27', 0, 3, 70.95, 25.2, 1.33, 1.0, 0.33, 0.0, 'Bronze Hibernating', 'Spend little: an occasional newsletter, and clean the list of those who never react.');
CREATE TABLE ml.customer_clusters (
    as_of_date DATE, CustomerID VARCHAR, MaxInvoiceDate DATE, Recency INTEGER, Frequency BIGINT,
    Monetary DECIMAL(31,2) USING COMPRESSION uncompressed, Cluster INTEGER, Cluster_Description VARCHAR,
    Cluster_Recommendation VARCHAR);
INSERT INTO ml.customer_clusters VALUES
    ('2025-06-26', '13085', '2025-06-26', 0, 1, 83.40, 0, 'Bronze Hibernating', 'Spend little: an occasional newsletter, and clean the list of those who never react.'),
    ('2025-06-26', '13086', '2025-06-26', 0, 1, 25.20, 0, 'Bronze Hibernating', 'Spend little: an occasional newsletter, and clean the list of those who never react.'),
    ('2025-06-27', '13085', '2025-06-27', 0, 2, 166.80, 0, 'Bronze Hibernating', 'Spend little: an occasional newsletter, and clean the list of those who never react.'),
    ('2025-06-27', '13086', '2025-06-26', 1, 1, 25.20, 0, 'Bronze Hibernating', 'Spend little: an occasional newsletter, and clean the list of those who never react.'),
    ('2025-06-27', '13087', '2025-06-27', 0, 1, 20.85, 0, 'Bronze Hibernating', 'Spend little: an occasional newsletter, and clean the list of those who never react.');
CREATE TABLE quality.bronze_daily_quality (
    processing_date DATE, total_records BIGINT, files_processed BIGINT, distinct_invoice_date BIGINT,
    valid_records BIGINT, null_invoices BIGINT, null_stock_codes BIGINT, null_customer_ids BIGINT,
    bad_quantities BIGINT, bad_price BIGINT, rescued_data_quality_score DOUBLE, created_timestamp TIMESTAMP);
INSERT INTO quality.bronze_daily_quality VALUES
    ('2025-06-26', 3, 1, 1, 3, 0, 0, 0, 1, 0, 100.0, '2025-06-28 01:06:50.786356'),
    ('2025-06-27', 2, 1, 1, 2, 0, 0, 0, 0, 0, 100.0, '2025-06-28 01:06:50.786356');
CREATE TABLE quality.bronze_silver_dq_comparison (
    processing_date DATE, table_layer VARCHAR, total_records BIGINT, null_invoice BIGINT, bad_invoice BIGINT,
    null_stock_code BIGINT, null_quantity BIGINT, bad_quantity BIGINT, null_invoice_date BIGINT, bad_price BIGINT,
    null_customer_id BIGINT);
INSERT INTO quality.bronze_silver_dq_comparison VALUES
    ('2025-06-26', 'bronze_transactions_raw', 3, 0, 0, 0, 0, 1, 0, 0, 0),
    ('2025-06-26', 'silver_transactions_clean', 2, 0, 0, 0, 0, 0, 0, 0, 0),
    ('2025-06-27', 'bronze_transactions_raw', 2, 0, 0, 0, 0, 0, 0, 0, 0),
    ('2025-06-27', 'silver_transactions_clean', 2, 0, 0, 0, 0, 0, 0, 0, 0);
CREATE TABLE quality.daily_counts (
    processing_date DATE, table_layer VARCHAR, invoicedate DATE, record_counts BIGINT);
INSERT INTO quality.daily_counts VALUES
    ('2025-06-26', '01_bronze_transactions_raw', '2025-06-26', 3),
    ('2025-06-26', '02_silver_transactions_clean', '2025-06-26', 2),
    ('2025-06-27', '01_bronze_transactions_raw', '2025-06-27', 2),
    ('2025-06-27', '02_silver_transactions_clean', '2025-06-27', 2);
CREATE TABLE quality.rule_outcomes (
    processing_date DATE, rule VARCHAR, passed_records BIGINT, failed_records BIGINT);
INSERT INTO quality.rule_outcomes VALUES
    ('2025-06-26', 'not_after_its_file', 3, 0),
    ('2025-06-26', 'valid_invoice_date', 3, 0),
    ('2025-06-26', 'valid_invoice_no', 3, 0),
    ('2025-06-26', 'valid_quantity', 2, 1),
    ('2025-06-26', 'valid_stock_code', 3, 0),
    ('2025-06-26', 'valid_unit_price', 3, 0),
    ('2025-06-27', 'not_after_its_file', 2, 0),
    ('2025-06-27', 'valid_invoice_date', 2, 0),
    ('2025-06-27', 'valid_invoice_no', 2, 0),
    ('2025-06-27', 'valid_quantity', 2, 0),
    ('2025-06-27', 'valid_stock_code', 2, 0),
    ('2025-06-27', 'valid_unit_price', 2, 0);
CREATE TABLE silver.customer_invoices (
    processing_date DATE, CustomerID VARCHAR, InvoiceNo VARCHAR, InvoiceDate DATE,
    Amount DECIMAL(31,2) USING COMPRESSION uncompressed);
INSERT INTO silver.customer_invoices VALUES
    ('2025-06-26', '13085', '489434', '2025-06-26', 83.40),
    ('2025-06-26', '13086', '489435', '2025-06-26', 25.20),
    ('2025-06-27', '13085', '489437', '2025-06-27', 83.40),
    ('2025-06-27', '13087', '489438', '2025-06-27', 20.85);
CREATE TABLE silver.file_outcomes (
    processing_date DATE, source_file VARCHAR, lines BIGINT, failing_lines BIGINT, returns BIGINT,
    known_customer_sales BIGINT, known_customer_revenue DECIMAL(31,2) USING COMPRESSION uncompressed,
    counted_sales BIGINT, counted_revenue DECIMAL(31,2) USING COMPRESSION uncompressed);
INSERT INTO silver.file_outcomes VALUES
    ('2025-06-26', '2025-06-26_transactions.csv', 3, 1, 0, 2, 108.60, 2, 108.60),
    ('2025-06-27', '2025-06-27_transactions.csv', 2, 0, 0, 2, 104.25, 2, 104.25);
CREATE TABLE silver.invoices (
    processing_date DATE, InvoiceNo VARCHAR, CustomerID VARCHAR, Country VARCHAR, InvoiceDate DATE,
    Amount DECIMAL(31,2) USING COMPRESSION uncompressed, ProductAmount DECIMAL(31,2) USING COMPRESSION uncompressed);
INSERT INTO silver.invoices VALUES
    ('2025-06-26', '489434', '13085', 'United Kingdom', '2025-06-26', 83.40, 83.40),
    ('2025-06-26', '489435', '13086', 'United Kingdom', '2025-06-26', 25.20, 25.20),
    ('2025-06-27', '489437', '13085', 'United Kingdom', '2025-06-27', 83.40, 83.40),
    ('2025-06-27', '489438', '13087', 'United Kingdom', '2025-06-27', 20.85, 20.85);
CREATE TABLE silver.rejected_transactions (
    Invoice VARCHAR, StockCode VARCHAR, Description VARCHAR, Quantity VARCHAR, Price VARCHAR, CustomerID VARCHAR,
    Country VARCHAR, InvoiceDate VARCHAR, _rescued_data VARCHAR, source_file VARCHAR, ingestion_timestamp TIMESTAMP,
    processing_date DATE, failed_rules VARCHAR);
INSERT INTO silver.rejected_transactions VALUES
    ('489436', '85048', 'CHRISTMAS GLASS BALL', '-1', '6.95', '13085.0', 'United Kingdom', '2025-06-26', NULL, '2025-06-26_transactions.csv', '2025-06-28 01:06:47.599508', '2025-06-26', 'valid_quantity');
CREATE TABLE silver.transactions (
    InvoiceNo VARCHAR, StockCode VARCHAR, Description VARCHAR, Quantity INTEGER, UnitPrice DECIMAL(10,2),
    CustomerID VARCHAR, Country VARCHAR, InvoiceDate DATE, ingestion_timestamp TIMESTAMP, source_file VARCHAR,
    processing_date DATE, IsCancellation BOOLEAN, TotalPrice DECIMAL(21,2) USING COMPRESSION uncompressed,
    Year INTEGER, Month INTEGER, DayOfWeek INTEGER, SurrogateKey VARCHAR);
INSERT INTO silver.transactions VALUES
    ('489434', '85048', 'CHRISTMAS GLASS BALL', 12, 6.95, '13085', 'United Kingdom', '2025-06-26', '2025-06-28 01:06:47.599508', '2025-06-26_transactions.csv', '2025-06-26', false, 83.40, 2025, 6, 5, '489434_85048_12'),
    ('489435', '85048', 'CHRISTMAS GLASS BALL', 12, 2.10, '13086', 'United Kingdom', '2025-06-26', '2025-06-28 01:06:47.599508', '2025-06-26_transactions.csv', '2025-06-26', false, 25.20, 2025, 6, 5, '489435_85048_12'),
    ('489437', '85048', 'CHRISTMAS GLASS BALL', 12, 6.95, '13085', 'United Kingdom', '2025-06-27', '2025-06-28 01:06:47.599508', '2025-06-27_transactions.csv', '2025-06-27', false, 83.40, 2025, 6, 6, '489437_85048_12'),
    ('489438', '85048', 'CHRISTMAS GLASS BALL', 3, 6.95, '13087', 'United Kingdom', '2025-06-27', '2025-06-28 01:06:47.599508', '2025-06-27_transactions.csv', '2025-06-27', false, 20.85, 2025, 6, 6, '489438_85048_3');
CREATE TABLE meta.written_days (
    table_name VARCHAR, day DATE, version UUID);
INSERT INTO meta.written_days VALUES
    ('bronze.landed_files', '2025-06-26', 'daa446a7-a3a8-40e9-a5c4-6ba500f824ca'),
    ('bronze.landed_files', '2025-06-27', 'daa446a7-a3a8-40e9-a5c4-6ba500f824ca'),
    ('bronze.transactions', '2025-06-26', '3ce7a0d7-98a8-4d83-a5a0-f85ad7a0bd4f'),
    ('bronze.transactions', '2025-06-27', '3ce7a0d7-98a8-4d83-a5a0-f85ad7a0bd4f'),
    ('bronze.unloaded_files', '2025-06-26', '34ec7dfb-92cb-4a7a-add5-228f0268bf96'),
    ('bronze.unloaded_files', '2025-06-27', '34ec7dfb-92cb-4a7a-add5-228f0268bf96'),
    ('gold.customer_rfm', '2025-06-26', '16125865-8cb5-45b1-933e-2ca75e6c7582'),
    ('gold.customer_rfm', '2025-06-27', '16125865-8cb5-45b1-933e-2ca75e6c7582'),
    ('gold.customer_segments', '2025-06-26', '51273968-2e7c-45ff-bc75-aad782bf02dc'),
    ('gold.customer_segments', '2025-06-27', '51273968-2e7c-45ff-bc75-aad782bf02dc'),
    ('gold.segment_migration', '2025-06-26', 'c356df3c-eb82-4a78-9bdd-a1ef84f6e077'),
    ('gold.segment_migration', '2025-06-27', 'c356df3c-eb82-4a78-9bdd-a1ef84f6e077'),
    ('gold.segment_summary', '2025-06-26', '6a59fa80-7658-4999-8a87-4f791d3764ca'),
    ('gold.segment_summary', '2025-06-27', '6a59fa80-7658-4999-8a87-4f791d3764ca'),
    ('gold.segment_thresholds', '2025-06-26', '556fd2c9-efbc-4017-b3e8-55bd78da3ce1'),
    ('gold.segment_thresholds', '2025-06-27', '556fd2c9-efbc-4017-b3e8-55bd78da3ce1'),
    ('ml.cluster_selection', '2025-06-26', '59062ce2-5a4a-4da3-b5e7-61aed7adeb6d'),
    ('ml.cluster_selection', '2025-06-27', '59062ce2-5a4a-4da3-b5e7-61aed7adeb6d'),
    ('ml.cluster_stability', '2025-06-26', 'eb8724b4-d018-4d5a-b3fc-12ed01b16142'),
    ('ml.cluster_stability', '2025-06-27', 'eb8724b4-d018-4d5a-b3fc-12ed01b16142'),
    ('ml.cluster_summary', '2025-06-26', 'fe3b7a03-5342-4d54-be7a-4ad81bac5bd1'),
    ('ml.cluster_summary', '2025-06-27', 'fe3b7a03-5342-4d54-be7a-4ad81bac5bd1'),
    ('ml.customer_clusters', '2025-06-26', '733e9cb4-c42f-4154-94c2-b8119e1edfba'),
    ('ml.customer_clusters', '2025-06-27', '733e9cb4-c42f-4154-94c2-b8119e1edfba'),
    ('quality.bronze_daily_quality', '2025-06-26', 'c3afddb5-17d7-4943-b691-f85fb0c4436a'),
    ('quality.bronze_daily_quality', '2025-06-27', 'c3afddb5-17d7-4943-b691-f85fb0c4436a'),
    ('quality.bronze_silver_dq_comparison', '2025-06-26', '3541cc4a-590f-4204-b37f-6cdc5b73af12'),
    ('quality.bronze_silver_dq_comparison', '2025-06-27', '3541cc4a-590f-4204-b37f-6cdc5b73af12'),
    ('quality.daily_counts', '2025-06-26', '7932d7a4-1216-44c0-aafa-8bfd2d0651fb'),
    ('quality.daily_counts', '2025-06-27', '7932d7a4-1216-44c0-aafa-8bfd2d0651fb'),
    ('quality.rule_outcomes', '2025-06-26', '9b49d054-371a-4f59-8522-a5379aa21524'),
    ('quality.rule_outcomes', '2025-06-27', '9b49d054-371a-4f59-8522-a5379aa21524'),
    ('silver.customer_invoices', '2025-06-26', '2b47bafb-0c4b-45e1-ac73-adb1126734ad'),
    ('silver.customer_invoices', '2025-06-27', '2b47bafb-0c4b-45e1-ac73-adb1126734ad'),
    ('silver.file_outcomes', '2025-06-26', '6e609018-e392-4666-825e-adc305f24295'),
    ('silver.file_outcomes', '2025-06-27', '6e609018-e392-4666-825e-adc305f24295'),
    ('silver.invoices', '2025-06-26', 'cfd590f6-dc9b-4404-9330-8d9a868e5229'),
    ('silver.invoices', '2025-06-27', 'cfd590f6-dc9b-4404-9330-8d9a868e5229'),
    ('silver.rejected_transactions', '2025-06-26', 'ecf1c89e-6fd1-46a0-b3a1-e8cee7e7e11f'),
    ('silver.rejected_transactions', '2025-06-27', 'ecf1c89e-6fd1-46a0-b3a1-e8cee7e7e11f'),
    ('silver.transactions', '2025-06-26', '41a461c1-6d31-4f4d-b149-2aa32dfed936'),
    ('silver.transactions', '2025-06-27', '41a461c1-6d31-4f4d-b149-2aa32dfed936');
