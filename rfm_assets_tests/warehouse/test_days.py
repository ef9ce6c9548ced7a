"""The safe write replaces a day as a whole and by column name, or leaves it as it was."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from rfm_assets.contracts.silver import CUSTOMER_INVOICES
from rfm_assets.errors import ContractError, WarehouseError
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.duckdb.engine import DuckDBEngine
from rfm_assets.warehouse.duckdb.write import replace_days
from rfm_assets.warehouse.query import Query
from rfm_assets_tests.helpers import plain
from rfm_assets_tests.helpers.plain import empty_warehouse, put
from rfm_assets_tests.helpers.scenario import rows, warehouse
from rfm_assets_tests.helpers.visits import DAY, NEXT_DAY, STORED, THIRD_DAY, VISITS, days, query, visit


@pytest.mark.parametrize(
    ("rewrite", "error", "message"),
    [
        (
            Query("SELECT * FROM nowhere"),
            WarehouseError,
            r"gold\.visits needs a table .* does not exist yet; materialize it",
        ),
        (Query("SELECT * FROM silver.nowhere"), WarehouseError, "materialize it first.*silver.nowhere"),
        (Query("SELECT no_such_function(1)"), duckdb.CatalogException, "no_such_function"),
        (Query("SELECT"), duckdb.ParserException, "SELECT clause without selection list"),
        (
            query(visit(NEXT_DAY, "x"), columns="as_of_date, customer, error('no') AS spent"),
            duckdb.InvalidInputException,
            "no",
        ),
        (
            query(visit(NEXT_DAY, "x"), columns="as_of_date, customer, 'much' AS spent"),
            duckdb.ConversionException,
            "much",
        ),
        (query(visit(NEXT_DAY, "x"), columns="*, 1 AS more"), ContractError, "do not fit its contract: surplus: more"),
        (query(visit(NEXT_DAY, "x"), columns="as_of_date, customer"), ContractError, "missing: spent"),
        (
            query(visit(NEXT_DAY, "x"), columns="as_of_date, customer, spent AS Spent"),
            ContractError,
            "missing: spent; surplus: Spent",
        ),
        (
            query(visit(NEXT_DAY, "x"), visit(THIRD_DAY, "y")),
            ContractError,
            "1 rows for gold.visits are outside the days 2025-06-27 to 2025-06-27: its query must keep to the days",
        ),
        (query(visit(None, "x")), ContractError, "1 rows for gold.visits are outside the days"),
    ],
    ids=[
        *("missing table", "missing schema", "unknown function", "no statement", "error in a row", "wrong type"),
        *("surplus column", "missing column", "other case", "another day", "no day"),
    ],
)
def test_a_failed_rewrite_keeps_the_stored_day(
    store: DuckDBEngine, tmp_path: Path, rewrite: Query, error: type[Exception], message: str
) -> None:
    before = rows(tmp_path, STORED)
    with pytest.raises(error, match=f"(?s){message}"), store.transaction() as connection:
        replace_days(connection, days(NEXT_DAY), rewrite)
    assert rows(tmp_path, STORED) == before


@pytest.mark.parametrize(
    ("drift", "message"),
    [
        ("ALTER TABLE gold.visits ADD COLUMN shop VARCHAR", "surplus: shop"),
        ("ALTER TABLE gold.visits DROP COLUMN spent", "missing: spent"),
        ("ALTER TABLE gold.visits ALTER spent TYPE DOUBLE", r"types: spent is DOUBLE, not DECIMAL\(10,2\)"),
        ("ALTER TABLE gold.visits RENAME customer TO who", "missing: customer; surplus: who"),
    ],
)
def test_a_stored_table_of_another_shape_is_refused_and_kept(
    store: DuckDBEngine, tmp_path: Path, drift: str, message: str
) -> None:
    with store.connect() as connection:
        connection.execute(drift)
    before = rows(tmp_path, "FROM gold.visits ORDER BY ALL")
    with pytest.raises(ContractError, match=rf"{message}\): .*rename it or drop it, then materialize"):  # noqa: SIM117
        with store.transaction() as connection:
            replace_days(connection, days(NEXT_DAY), query(visit(NEXT_DAY, "x")))
    assert rows(tmp_path, "FROM gold.visits ORDER BY ALL") == before


def test_a_day_is_replaced_and_its_neighbours_stay(store: DuckDBEngine, tmp_path: Path) -> None:
    with store.transaction() as connection:
        per_day = replace_days(connection, days(NEXT_DAY), query(visit(NEXT_DAY, "x"), visit(NEXT_DAY, "y")))
    assert per_day == {NEXT_DAY: 2}
    assert rows(tmp_path, STORED) == [
        visit(DAY, "a"),
        visit(NEXT_DAY, "x"),
        visit(NEXT_DAY, "y"),
        visit(THIRD_DAY, "c"),
    ]


def test_the_days_of_a_range_are_replaced_both_ends_included(store: DuckDBEngine, tmp_path: Path) -> None:
    with store.transaction() as connection:
        per_day = replace_days(connection, days(DAY, NEXT_DAY), query(visit(NEXT_DAY, "x")))
    assert per_day == {NEXT_DAY: 1}
    assert rows(tmp_path, STORED) == [visit(NEXT_DAY, "x"), visit(THIRD_DAY, "c")]


def test_a_day_stored_again_is_not_doubled(store: DuckDBEngine, tmp_path: Path) -> None:
    before = rows(tmp_path, STORED)
    with store.transaction() as connection:
        replace_days(connection, days(NEXT_DAY), query(visit(NEXT_DAY, "b")))
    assert rows(tmp_path, STORED) == before


def test_columns_are_stored_by_name_in_whatever_order_they_come(tmp_path: Path) -> None:
    with warehouse(tmp_path).transaction() as connection:
        replace_days(connection, days(DAY), query(visit(DAY, "a", "2.50"), columns="spent, customer, as_of_date"))
    assert rows(tmp_path, STORED) == [visit(DAY, "a", "2.50")]


def test_an_empty_day_is_stored_as_an_empty_day(tmp_path: Path) -> None:
    with warehouse(tmp_path).transaction() as connection:
        assert replace_days(connection, days(DAY), query()) == {}
    assert rows(tmp_path, STORED) == []


def test_the_table_is_made_as_its_contract_says_whatever_the_first_rows_are(tmp_path: Path) -> None:
    first = Query(f"SELECT '{DAY}' AS as_of_date, 7 AS customer, 1 AS spent")
    with warehouse(tmp_path).transaction() as connection:
        replace_days(connection, days(DAY), first)
    assert rows(tmp_path, STORED) == [visit(DAY, "7", "1.00")]
    described = rows(tmp_path, "SELECT column_name, column_type FROM (DESCRIBE gold.visits)")
    assert dict(described) == VISITS.types


def test_a_query_may_read_the_days_it_replaces_as_they_are_without_them(store: DuckDBEngine, tmp_path: Path) -> None:
    history = Query(f"SELECT DATE '{THIRD_DAY}' AS as_of_date, customer, spent FROM gold.visits")
    with store.transaction() as connection:
        replace_days(connection, days(THIRD_DAY), history)
    assert rows(tmp_path, f"SELECT customer FROM gold.visits WHERE as_of_date = '{THIRD_DAY}' ORDER BY 1") == [
        ("a",),
        ("b",),
    ]


def test_the_days_of_a_slice_are_selected_and_no_others(store: DuckDBEngine) -> None:
    with store.connect(read_only=True) as connection:
        found = connection.execute(days(NEXT_DAY, THIRD_DAY).select().sql()).fetchall()
    assert found == [visit(NEXT_DAY, "b"), visit(THIRD_DAY, "c")]


@pytest.mark.parametrize(
    ("stored", "rows_at_once", "batches"),
    [
        ([], 1, [(1, 9)]),
        ([(1, 5), (2, 5), (3, 5)], None, [(1, 9)]),
        ([(1, 5), (2, 5), (3, 5)], 15, [(1, 9)]),
        ([(1, 5), (2, 5), (3, 5)], 14, [(1, 2), (3, 9)]),
        ([(2, 5), (5, 5), (8, 5)], 5, [(1, 4), (5, 7), (8, 9)]),  # days without rows join the batch before them
        ([(1, 1), (2, 9), (3, 1)], 2, [(1, 1), (2, 2), (3, 9)]),  # a day is never split
    ],
)
def test_batches_leave_no_day_out_and_hold_no_more_rows_than_asked(
    stored: list[tuple[int, int]], rows_at_once: int | None, batches: list[tuple[int, int]]
) -> None:
    with empty_warehouse() as connection:
        for number, customers in stored:
            put(connection, CUSTOMER_INVOICES, *[invoice_on(number, who) for who in range(customers)])
        found = Days(CUSTOMER_INVOICES, plain.day(1), plain.day(9)).batches(connection, rows_at_once=rows_at_once)
    assert found == [(plain.day(first), plain.day(last)) for first, last in batches]


def invoice_on(number: int, customer: int) -> dict[str, object]:
    on = plain.day(number)
    names = {"CustomerID": str(customer), "InvoiceNo": "489434"}
    return {"processing_date": on, "InvoiceDate": on, "Amount": 1} | names


def test_a_query_in_batches_is_bound_to_the_days_that_memory_holds(store: DuckDBEngine) -> None:
    seen = "SELECT as_of_date, CAST($first AS VARCHAR) || '..' || CAST($last AS VARCHAR) AS customer, spent"
    visits = Query(f"{seen} FROM gold.visits WHERE as_of_date BETWEEN $first AND $last").in_batches_of(VISITS)
    with store.transaction() as connection:
        copied = Days(replace(VISITS, address="gold.copied"), DAY, THIRD_DAY)
        per_day = replace_days(connection, copied, visits, rows_at_once=2)
        batches = connection.execute("SELECT DISTINCT customer FROM gold.copied ORDER BY 1").fetchall()
    assert per_day == {DAY: 1, NEXT_DAY: 1, THIRD_DAY: 1}
    assert batches == [(f"{DAY}..{NEXT_DAY}",), (f"{THIRD_DAY}..{THIRD_DAY}",)]


def test_several_days_written_one_after_the_other_are_all_there(tmp_path: Path) -> None:
    store = warehouse(tmp_path)
    for day in (THIRD_DAY, DAY, NEXT_DAY):
        with store.transaction() as connection:
            replace_days(connection, days(day), query(visit(day, "a")))
    assert [day for day, *_ in rows(tmp_path, STORED)] == [DAY, NEXT_DAY, THIRD_DAY]


def test_insert_by_name_alone_would_fill_a_missing_column_with_nothing() -> None:
    """A characterization of DuckDB: why the columns are compared before anything is inserted."""
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t (a INTEGER, b INTEGER)")
        connection.execute("INSERT INTO t BY NAME SELECT 1 AS a")
        assert connection.execute("FROM t").fetchall() == [(1, None)]


def test_a_row_that_fails_ends_a_transaction_of_duckdb() -> None:
    """A characterization of DuckDB: why a step that fails inside a transaction is not retried within it."""
    with duckdb.connect() as connection:
        connection.begin()
        with pytest.raises(duckdb.InvalidInputException):
            connection.execute("SELECT error('no')")
        with pytest.raises(duckdb.TransactionException, match="aborted"):
            connection.execute("SELECT 1")
