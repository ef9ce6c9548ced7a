"""Every table has its declared columns: people's dashboards depend on these names and types."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from docs.write_data_contract import page
from rfm_assets.contracts import TABLES, Column, Table
from rfm_assets.definitions import defs
from rfm_assets_tests.helpers.plain import FIRST, MADE_BY_QUERIES, empty_warehouse, statements

# Written out a second time on purpose: a change here changes what users rely on.
PROMISED = {
    "bronze.landed_files": """
        processing_date DATE, source_file VARCHAR, size_bytes BIGINT, version VARCHAR, rows BIGINT,
        malformed_rows BIGINT, first_seen TIMESTAMP, loaded_at TIMESTAMP, content_digest VARCHAR,
        duplicate_of VARCHAR""",
    "bronze.unloaded_files": """
        processing_date DATE, source_file VARCHAR, version VARCHAR, outcome VARCHAR, reason VARCHAR, encoding VARCHAR,
        noted_at TIMESTAMP""",
    "bronze.transactions": """
        Invoice VARCHAR, StockCode VARCHAR, Description VARCHAR, Quantity VARCHAR, Price VARCHAR, CustomerID VARCHAR,
        Country VARCHAR, InvoiceDate VARCHAR, _rescued_data VARCHAR, source_file VARCHAR,
        ingestion_timestamp TIMESTAMP, processing_date DATE, LineAmount VARCHAR, Currency VARCHAR,
        SourceRecord VARCHAR""",
    "silver.transactions": """
        InvoiceNo VARCHAR, StockCode VARCHAR, Description VARCHAR, Quantity INTEGER, UnitPrice DECIMAL(10,2),
        CustomerID VARCHAR, Country VARCHAR, InvoiceDate DATE, ingestion_timestamp TIMESTAMP, source_file VARCHAR,
        processing_date DATE, IsCancellation BOOLEAN, TotalPrice DECIMAL(21,2), Year INTEGER, Month INTEGER,
        DayOfWeek INTEGER, SurrogateKey VARCHAR, LineAmount DECIMAL(18,2),
        ExactUnitPrice DECIMAL(18,6)""",
    "silver.rejected_transactions": """
        Invoice VARCHAR, StockCode VARCHAR, Description VARCHAR, Quantity VARCHAR, Price VARCHAR, CustomerID VARCHAR,
        Country VARCHAR, InvoiceDate VARCHAR, _rescued_data VARCHAR, source_file VARCHAR,
        ingestion_timestamp TIMESTAMP, processing_date DATE, LineAmount VARCHAR, Currency VARCHAR,
        SourceRecord VARCHAR, failed_rules VARCHAR""",
    "quality.bronze_daily_quality": """
        processing_date DATE, total_records BIGINT, files_processed BIGINT, distinct_invoice_date BIGINT,
        valid_records BIGINT, null_invoices BIGINT, null_stock_codes BIGINT, null_customer_ids BIGINT,
        bad_quantities BIGINT, bad_price BIGINT, rescued_data_quality_score DOUBLE, created_timestamp TIMESTAMP""",
    "quality.bronze_silver_dq_comparison": """
        processing_date DATE, table_layer VARCHAR, total_records BIGINT, null_invoice BIGINT, bad_invoice BIGINT,
        null_stock_code BIGINT, null_quantity BIGINT, bad_quantity BIGINT, null_invoice_date BIGINT, bad_price BIGINT,
        null_customer_id BIGINT""",
    "quality.daily_counts": "processing_date DATE, table_layer VARCHAR, invoicedate DATE, record_counts BIGINT",
    "quality.customer_identity": """
        processing_date DATE, sales_lines BIGINT, anonymous_lines BIGINT, revenue DECIMAL(31,2),
        anonymous_revenue DECIMAL(31,2), customer_ids BIGINT, normalised_ids BIGINT, similar_ids BIGINT""",
    "quality.rule_outcomes": "processing_date DATE, rule VARCHAR, passed_records BIGINT, failed_records BIGINT",
    "silver.file_outcomes": """
        processing_date DATE, source_file VARCHAR, lines BIGINT, failing_lines BIGINT, returns BIGINT,
        known_customer_sales BIGINT, known_customer_revenue DECIMAL(31,2), counted_sales BIGINT,
        counted_revenue DECIMAL(31,2), repeated_lines BIGINT""",
    "silver.customer_invoices": """
        processing_date DATE, CustomerID VARCHAR, InvoiceNo VARCHAR, InvoiceDate DATE, Amount DECIMAL(31,2)""",
    "silver.returns": """
        processing_date DATE, InvoiceNo VARCHAR, StockCode VARCHAR, CustomerID VARCHAR, InvoiceDate DATE,
        Quantity BIGINT, Amount DECIMAL(21,2), Kind VARCHAR, CountsForCustomer BOOLEAN, IsMatched BOOLEAN,
        TakesBack VARCHAR, SoldOn DATE, SoldQuantity BIGINT, SoldAmount DECIMAL(31,2), OrderQuantity BIGINT,
        OrderAmount DECIMAL(31,2), source_file VARCHAR""",
    "gold.customer_money": """
        as_of_date DATE, CustomerID VARCHAR, Gross DECIMAL(31,2), Returned DECIMAL(31,2), Net DECIMAL(31,2),
        Return_Rate DOUBLE, Orders BIGINT, Orders_Kept BIGINT""",
    "gold.customer_rfm": """
        as_of_date DATE, CustomerID VARCHAR, MaxInvoiceDate DATE, Recency INTEGER, Frequency BIGINT,
        Monetary DECIMAL(31,2)""",
    "gold.segment_thresholds": """
        as_of_date DATE, median_monetary DOUBLE, median_frequency DOUBLE, median_recency DOUBLE, customers BIGINT,
        policy VARCHAR""",
    "gold.customer_segments": """
        as_of_date DATE, CustomerID VARCHAR, Recency INTEGER, Frequency BIGINT, Monetary DECIMAL(31,2),
        value_tier VARCHAR, engagement_status VARCHAR, segment VARCHAR, recommendation VARCHAR""",
    "gold.segment_summary": """
        as_of_date DATE, Segment VARCHAR, recommendation VARCHAR, Customer_Count BIGINT, Avg_Monetary DECIMAL(31,2),
        Med_Monetary DECIMAL(31,2), Avg_Frequency DECIMAL(18,2), Med_Frequency DECIMAL(18,2),
        Avg_Recency DECIMAL(18,2), Med_Recency DECIMAL(18,2), Total_Revenue DECIMAL(38,2),
        Pct_of_Customers DECIMAL(5,2), Pct_of_Revenue DECIMAL(5,2)""",
    "gold.segment_migration": """
        as_of_date DATE, compared_to DATE, from_segment VARCHAR, to_segment VARCHAR, Customer_Count BIGINT,
        Monetary DECIMAL(38,2), purchased BIGINT, aged BIGINT, threshold BIGINT""",
    "gold.customer_scores": """
        as_of_date DATE, CustomerID VARCHAR, R_Score INTEGER, F_Score INTEGER, M_Score INTEGER, RFM_Name VARCHAR,
        Value_Score DOUBLE, Value_Rank DOUBLE, Next_Order_Due DATE, Overdue BOOLEAN, Typical_Gap_Days DOUBLE""",
    "proof.segment_outcomes": """
        measured_on DATE, as_of_date DATE, horizon_days INTEGER, segment VARCHAR, customers BIGINT, buyers BIGINT,
        purchase_rate DOUBLE, purchase_rate_low DOUBLE, purchase_rate_high DOUBLE, revenue DECIMAL(38,2),
        revenue_low DECIMAL(38,2), revenue_high DECIMAL(38,2), lift DOUBLE""",
    "proof.backtest": """
        measured_on DATE, as_of_date DATE, horizon_days INTEGER, method VARCHAR, customers BIGINT, buyers BIGINT,
        spearman DOUBLE, auc_purchase DOUBLE, top10_share DOUBLE, top20_share DOUBLE, normalised_gini DOUBLE""",
    "proof.expected_revenue": """
        as_of_date DATE, segment VARCHAR, customers BIGINT, expected_revenue DECIMAL(38,2),
        expected_low DECIMAL(38,2), expected_high DECIMAL(38,2), overdue_customers BIGINT,
        revenue_at_risk DECIMAL(38,2)""",
    "ml.customer_clusters": """
        as_of_date DATE, CustomerID VARCHAR, MaxInvoiceDate DATE, Recency INTEGER, Frequency BIGINT,
        Monetary DECIMAL(31,2), Cluster INTEGER, Cluster_Description VARCHAR, Cluster_Recommendation VARCHAR""",
    "ml.cluster_selection": """
        as_of_date DATE, k INTEGER, silhouette_score DOUBLE, inertia DOUBLE, elbow_distance DOUBLE,
        combined_score DOUBLE, chosen BOOLEAN""",
    "ml.cluster_summary": """
        as_of_date DATE, Cluster INTEGER, Count BIGINT, Avg_Monetary DOUBLE, Med_Monetary DOUBLE, Avg_Frequency DOUBLE,
        Med_Frequency DOUBLE, Avg_Recency DOUBLE, Med_Recency DOUBLE, Cluster_Description VARCHAR,
        Cluster_Recommendation VARCHAR""",
    "silver.invoices": """
        processing_date DATE, InvoiceNo VARCHAR, CustomerID VARCHAR, Country VARCHAR, InvoiceDate DATE,
        Amount DECIMAL(31,2), ProductAmount DECIMAL(31,2)""",
    "ml.cluster_events": """
        as_of_date DATE, event VARCHAR, from_cluster INTEGER, to_cluster INTEGER, customers BIGINT""",
    "ml.cluster_state": """
        as_of_date DATE, k INTEGER, centre INTEGER, Centre_Monetary DOUBLE, Centre_Frequency DOUBLE,
        Centre_Recency DOUBLE, Cluster INTEGER, days_ahead INTEGER, newest_cluster INTEGER""",
    "ml.cluster_stability": """
        as_of_date DATE, compared_to DATE, k INTEGER, previous_k INTEGER, adjusted_rand_index DOUBLE,
        matched_agreement DOUBLE, customers_in_both BIGINT""",
}

every_table = pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.address)


@pytest.fixture(scope="module")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with empty_warehouse() as connection:
        yield connection


def columns_of(connection: duckdb.DuckDBPyConnection, select: str) -> dict[str, str]:
    return {name: kind for name, kind, *_ in connection.execute(f"DESCRIBE {select}").fetchall()}


def test_every_table_is_promised() -> None:
    assert set(PROMISED) == {table.address for table in TABLES.values()}


@pytest.mark.parametrize("address", PROMISED)
def test_a_table_has_the_columns_that_users_rely_on(address: str) -> None:
    columns = TABLES[dg.AssetKey(address.split("."))].columns
    assert ", ".join(f"{column.name} {column.type}" for column in columns) == " ".join(PROMISED[address].split())


@every_table
def test_the_ddl_makes_the_declared_columns(table: Table, warehouse: duckdb.DuckDBPyConnection) -> None:
    assert list(columns_of(warehouse, f"FROM {table.address}").items()) == list(table.types.items())


def test_a_decimal_too_wide_to_be_unpacked_quickly_is_stored_plain_also_once_it_is_rewritten(tmp_path: Path) -> None:
    amounts = (
        Column("processing_date", "DATE", "."),
        Column("wide", "DECIMAL(19,2)", "."),
        Column("narrow", "DECIMAL(18,2)", "."),
    )
    table = Table("silver.amounts", ".", amounts)
    rows = "SELECT DATE '2025-06-26' + CAST(i % 2 AS INTEGER), i % 977, i % 977 FROM range(20_000) AS numbers(i)"
    for change in ("SELECT 1", f"DELETE FROM {table.address} WHERE processing_date = DATE '2025-06-26'"):
        with duckdb.connect(str(tmp_path / "amounts.duckdb")) as connection:
            connection.execute("CREATE SCHEMA IF NOT EXISTS silver")
            connection.execute(table.ddl())
            connection.execute(change)
            connection.execute(f"INSERT INTO {table.address} {rows}")
        with duckdb.connect(str(tmp_path / "amounts.duckdb"), read_only=True) as connection:
            stored = connection.execute(
                f"""SELECT DISTINCT column_name, compression FROM pragma_storage_info('{table.address}')
                WHERE segment_type LIKE 'DECIMAL%' ORDER BY ALL"""
            ).fetchall()
        assert stored == [("narrow", "BitPacking"), ("wide", "Uncompressed")]


@pytest.mark.parametrize("table", MADE_BY_QUERIES, ids=lambda table: table.address)
def test_a_statement_gives_the_columns_and_types_of_its_contract(
    table: Table, warehouse: duckdb.DuckDBPyConnection
) -> None:
    assert columns_of(warehouse, statements(FIRST, FIRST)[table].sql()) == dict(table.types)


@every_table
def test_every_column_and_every_table_says_what_it_means(table: Table) -> None:
    assert table.grain.endswith(".")
    for column in table.columns:
        assert column.meaning.endswith("."), column.name
        assert len(column.meaning) > len("The day."), column.name


@every_table
def test_a_column_is_declared_once(table: Table) -> None:
    names = [column.name.lower() for column in table.columns]  # DuckDB ignores case
    assert sorted(set(names)) == sorted(names)


@every_table
def test_the_day_column_is_a_date_that_is_never_empty(table: Table) -> None:
    day = next(column for column in table.columns if column.name == table.day)
    assert (day.type, day.nullable) == ("DATE", False)
    assert table.day == ("processing_date" if table.schema in {"bronze", "silver", "quality"} else table.day)


@every_table
def test_key_columns_are_filled_columns_and_hold_the_day(table: Table) -> None:
    nullable = {column.name for column in table.columns if column.nullable}
    allowed = {
        "quality.daily_counts": {"invoicedate"},  # lines whose invoice date could not be read have a row of their own
        "silver.invoices": {"CustomerID", "Country"},  # an anonymous sale, one without a country
        "ml.cluster_events": {"from_cluster", "to_cluster"},  # a cluster without a predecessor or a successor
    }
    assert nullable & set(table.key) == allowed.get(table.address, set())
    assert not table.key or table.day in table.key


@every_table
def test_every_table_but_the_lines_themselves_has_a_key(table: Table) -> None:
    lines = {  # duplicates are kept
        *("bronze.transactions", "silver.transactions", "silver.rejected_transactions", "silver.returns"),
    }
    assert bool(table.key) == (table.address not in lines)


def test_every_asset_is_a_table_and_every_table_an_asset() -> None:
    keys = defs.resolve_asset_graph().materializable_asset_keys
    assert {key for key in keys if key.path[0] not in {"landing", "publishing"}} == set(TABLES)


@every_table
def test_the_asset_shows_the_tables_columns_with_their_meanings(table: Table) -> None:
    metadata = defs.resolve_asset_graph().get(table.asset_key).metadata
    schema = metadata["dagster/column_schema"]
    assert isinstance(schema, dg.TableSchema)
    shown = [(c.name, c.type, c.description, c.constraints.nullable) for c in schema.columns]
    assert shown == [(c.name, c.type.lower(), c.meaning, c.nullable) for c in table.columns]
    assert metadata["dagster/table_name"] == table.address


def test_the_page_of_the_docs_is_what_the_declarations_say() -> None:
    written = Path(__file__).parents[2] / "docs" / "data-contract.md"
    assert written.read_text(encoding="utf-8") == "\n".join(page()).rstrip() + "\n", "run `make docs`"
