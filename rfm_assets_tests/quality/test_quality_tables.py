"""Each quality table equals counts by hand on three days: one mixed, one all dirty, one undelivered."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from rfm_assets.contracts import Table
from rfm_assets.contracts.bronze import TRANSACTIONS as BRONZE
from rfm_assets.contracts.quality import (
    BRONZE_DAILY_QUALITY,
    BRONZE_SILVER_DQ_COMPARISON,
    DAILY_COUNTS,
    RULE_OUTCOMES,
)
from rfm_assets_tests.helpers.plain import (
    FIRST,
    day,
    dicts,
    empty_warehouse,
    line,
    malformed,
    materialize,
    put,
    statements,
)

MIXED, DIRTY, UNDELIVERED = FIRST, day(2), day(3)

OF_MIXED_DAY = [
    line(),
    line(),  # an exact duplicate counts twice
    line(CustomerID=None, source_file="second.csv"),
    line(Invoice=None, StockCode=None),
    line(Quantity="-2", InvoiceDate="2025-06-25 23:59"),
    line(Quantity="0", Invoice="48943"),
    line(Quantity="1.5", Price="-0.01"),
    line(Price="cheap", InvoiceDate="yesterday"),
    malformed(),
]
OF_DIRTY_DAY = [line(on=DIRTY, Price="-1"), line(on=DIRTY, InvoiceDate=None)]


@pytest.fixture(scope="module")
def store() -> Iterator[duckdb.DuckDBPyConnection]:
    with empty_warehouse() as connection:
        put(connection, BRONZE, *OF_MIXED_DAY, *OF_DIRTY_DAY)
        materialize(connection, MIXED, UNDELIVERED)
        yield connection


def test_a_day_is_described_as_it_was_delivered(store: duckdb.DuckDBPyConnection) -> None:
    mixed, dirty = dicts(store, f"SELECT * EXCLUDE created_timestamp FROM {BRONZE_DAILY_QUALITY.address} ORDER BY ALL")
    assert mixed == {
        "processing_date": MIXED,
        "total_records": 9,
        "files_processed": 2,
        "distinct_invoice_date": 2,
        "valid_records": 8,
        "null_invoices": 2,  # the malformed line has none either
        "null_stock_codes": 2,
        "null_customer_ids": 2,
        "bad_quantities": 2,  # 1.5 is no number of units, so neither zero nor less
        "bad_price": 1,
        "rescued_data_quality_score": 88.89,
    }
    assert dirty == {
        "processing_date": DIRTY,
        "total_records": 2,
        "files_processed": 1,
        "distinct_invoice_date": 1,
        "valid_records": 2,
        "null_invoices": 0,
        "null_stock_codes": 0,
        "null_customer_ids": 0,
        "bad_quantities": 0,
        "bad_price": 1,
        "rescued_data_quality_score": 100.0,
    }


def test_a_row_says_when_it_was_computed_in_utc(store: duckdb.DuckDBPyConnection) -> None:
    for row in dicts(store, f"FROM {BRONZE_DAILY_QUALITY.address}"):
        assert abs(datetime.now(UTC) - row["created_timestamp"].replace(tzinfo=UTC)) < timedelta(hours=1)


def test_the_score_rounds_half_up() -> None:
    with empty_warehouse() as store:
        put(store, BRONZE, *[line() for _ in range(31)], malformed())
        (row,) = dicts(store, statements(FIRST, FIRST)[BRONZE_DAILY_QUALITY].sql())
    assert row["rescued_data_quality_score"] == 96.88  # 96.875


def test_the_same_defects_are_counted_before_and_after_the_rules(store: duckdb.DuckDBPyConnection) -> None:
    bronze, silver, *_ = dicts(store, f"FROM {BRONZE_SILVER_DQ_COMPARISON.address} ORDER BY ALL")
    assert bronze == {
        "processing_date": MIXED,
        "table_layer": "bronze_transactions_raw",
        "total_records": 9,
        "null_invoice": 2,
        "bad_invoice": 1,
        "null_stock_code": 2,
        "null_quantity": 2,  # 1.5 and the malformed line
        "bad_quantity": 2,
        "null_invoice_date": 2,
        "bad_price": 1,
        "null_customer_id": 2,
    }
    defects = set(silver) - {"processing_date", "table_layer", "total_records", "null_customer_id"}
    assert silver["table_layer"] == "silver_transactions_clean"
    assert (silver["total_records"], silver["null_customer_id"]) == (3, 1)
    assert {silver[defect] for defect in defects} == {0}


def test_a_delivered_day_without_a_valid_line_has_both_rows(store: duckdb.DuckDBPyConnection) -> None:
    select = f"FROM {BRONZE_SILVER_DQ_COMPARISON.address} WHERE processing_date = DATE '{DIRTY}' ORDER BY ALL"
    bronze, silver = dicts(store, select)
    assert (bronze["total_records"], bronze["bad_price"], bronze["null_invoice_date"]) == (2, 1, 1)
    assert silver.pop("processing_date") == DIRTY
    assert silver.pop("table_layer") == "silver_transactions_clean"
    assert set(silver.values()) == {0}


def test_rows_are_counted_per_invoice_date_in_both_layers(store: duckdb.DuckDBPyConnection) -> None:
    counts = store.execute(f"FROM {DAILY_COUNTS.address} ORDER BY ALL").fetchall()
    assert counts == [
        (MIXED, "01_bronze_transactions_raw", day(0), 1),
        (MIXED, "01_bronze_transactions_raw", MIXED, 6),
        (MIXED, "01_bronze_transactions_raw", None, 2),
        (MIXED, "02_silver_transactions_clean", MIXED, 3),
        (DIRTY, "01_bronze_transactions_raw", DIRTY, 1),
        (DIRTY, "01_bronze_transactions_raw", None, 1),
    ]


def test_each_rule_has_its_outcome_on_each_delivered_day(store: duckdb.DuckDBPyConnection) -> None:
    outcomes = store.execute(f"FROM {RULE_OUTCOMES.address} ORDER BY ALL").fetchall()
    assert outcomes == [
        (MIXED, "not_after_its_file", 8, 0),
        (MIXED, "valid_customer_id", 8, 0),
        (MIXED, "valid_invoice_date", 7, 1),
        (MIXED, "valid_invoice_no", 6, 2),
        (MIXED, "valid_line_amount", 8, 0),
        (MIXED, "valid_quantity", 5, 3),
        (MIXED, "valid_stock_code", 7, 1),
        (MIXED, "valid_unit_price", 6, 2),
        (DIRTY, "not_after_its_file", 2, 0),
        (DIRTY, "valid_customer_id", 2, 0),
        (DIRTY, "valid_invoice_date", 1, 1),
        (DIRTY, "valid_invoice_no", 2, 0),
        (DIRTY, "valid_line_amount", 2, 0),
        (DIRTY, "valid_quantity", 2, 0),
        (DIRTY, "valid_stock_code", 2, 0),
        (DIRTY, "valid_unit_price", 1, 1),
    ]


def test_a_day_of_malformed_lines_alone_has_its_rows_too() -> None:
    with empty_warehouse() as store:
        put(store, BRONZE, malformed())
        materialize(store, FIRST)
        (described,) = dicts(store, f"FROM {BRONZE_DAILY_QUALITY.address}")
        outcomes = store.execute(f"SELECT DISTINCT passed_records, failed_records FROM {RULE_OUTCOMES.address}")
        assert (described["valid_records"], described["rescued_data_quality_score"]) == (0, 0.0)
        assert outcomes.fetchall() == [(0, 0)]  # no rule judges a malformed line


def test_blank_fields_and_words_for_nobody_count_as_missing_as_they_do_in_silver() -> None:
    with empty_warehouse() as store:
        put(store, BRONZE, *(line(Invoice="\t", StockCode="\u00a0", CustomerID=text) for text in (" ", "NaN", "N/A")))
        put(store, BRONZE, line(Invoice=" 489434 "))
        materialize(store, FIRST)
        (described,) = dicts(store, f"FROM {BRONZE_DAILY_QUALITY.address}")
        delivered, kept = dicts(store, f"FROM {BRONZE_SILVER_DQ_COMPARISON.address} ORDER BY ALL")
    assert [described[f"null_{field}"] for field in ("invoices", "stock_codes", "customer_ids")] == [3, 3, 3]
    missing = "null_invoice", "null_stock_code", "null_customer_id", "bad_invoice"
    assert [delivered[field] for field in missing] == [3, 3, 3, 0]
    assert (kept["total_records"], *(kept[field] for field in missing)) == (1, 0, 0, 0, 0)


@pytest.mark.parametrize(
    "table",
    [BRONZE_DAILY_QUALITY, BRONZE_SILVER_DQ_COMPARISON, DAILY_COUNTS, RULE_OUTCOMES],
    ids=lambda table: table.address,
)
def test_an_undelivered_day_has_no_row(store: duckdb.DuckDBPyConnection, table: Table) -> None:
    days = store.execute(f"SELECT DISTINCT processing_date FROM {table.address} ORDER BY 1").fetchall()
    assert days == [(MIXED,), (DIRTY,)]
