"""Both engines take back the same orders when stores number separately, and get the same net outcomes."""

from collections.abc import Sequence

import duckdb
import pytest

from rfm_assets.config.shop_file import Rules
from rfm_assets.contracts import Table
from rfm_assets.contracts.gold import CUSTOMER_SEGMENTS
from rfm_assets.contracts.silver import CUSTOMER_INVOICES, REJECTED_TRANSACTIONS, RETURNS, TRANSACTIONS
from rfm_assets.proof.statements import net_money, outcomes
from rfm_assets.silver.returns import taken_back
from rfm_assets.warehouse.days import Days, stored_rows
from rfm_assets.warehouse.engine import Connection
from rfm_assets.warehouse.query import Query
from rfm_assets.warehouse.spark.engine import SparkEngine
from rfm_assets.warehouse.spark.write import replace_days
from rfm_assets_tests.helpers.plain import FIRST, day, line, materialize, new_database, put, sold

pytestmark = pytest.mark.e2e

LAST = day(9)
RETURN_LINES = taken_back(
    stored_rows(TRANSACTIONS, "<= $last"), stored_rows(REJECTED_TRANSACTIONS, "<= $last"), Rules(stores="folder")
).bind(FIRST, LAST)


def test_both_engines_take_back_orders_of_the_same_store_first_and_the_same_net_money(spark: SparkEngine) -> None:
    refused = line(Invoice="C500009", Quantity="-1", Price="1.00", on=day(4), source_file="London/b.csv")
    refused = {"failed_rules": "valid_quantity"} | dict(refused)
    cut = Query(f"SELECT DATE '{LAST}' AS measured_on, DATE '{FIRST}' AS as_of_date, 8 AS horizon_days")
    with new_database() as ours:
        put(
            ours,
            TRANSACTIONS,
            sold(invoice="500001", source_file="London/a.csv"),
            sold(invoice="500002", source_file="Paris/a.csv", on=day(2)),
            sold(invoice="500003", source_file="a.csv", on=day(3)),
            sold(invoice="C500003", source_file="Paris/x/b.csv", on=day(4)),
            sold(invoice="C500004", source_file="Rome/b.csv", on=day(5), amount="7.00"),
        )
        put(ours, REJECTED_TRANSACTIONS, refused)
        materialize(ours, FIRST, LAST, tables={CUSTOMER_INVOICES, RETURNS})
        put(ours, CUSTOMER_SEGMENTS, {"as_of_date": FIRST, "CustomerID": "13085", "segment": "any"})
        stored = (TRANSACTIONS, REJECTED_TRANSACTIONS, CUSTOMER_INVOICES, RETURNS, CUSTOMER_SEGMENTS)
        known, invoices, returned = (stored_rows(one, "IS NOT NULL") for one in (stored[4], stored[2], stored[3]))
        net = outcomes(cut, known, net_money(invoices, returned))
        with spark.connect() as theirs:
            for table in stored:
                copy(ours, theirs, table)
            on_duckdb, on_spark = (found(one, net) for one in (ours, theirs))
    assert [order for _, order in on_duckdb[0]] == ["London/500001", "500003", "Paris/500002"]
    assert [tuple(map(str, row)) for row in on_duckdb[1]] == [("13085", "-7.00", "True")]
    assert on_spark == on_duckdb


def found(connection: Connection, net: Query) -> Sequence[Sequence[tuple[object, ...]]]:
    """Each return with the order it takes back, and the outcomes of the horizon."""
    return (
        connection.execute(f"SELECT InvoiceNo, TakesBack FROM ({RETURN_LINES.sql()}) AS r ORDER BY 1 DESC").fetchall(),
        connection.execute(f"SELECT CustomerID, spent, bought FROM ({net.sql()}) AS outcome").fetchall(),
    )


def copy(ours: duckdb.DuckDBPyConnection, theirs: Connection, table: Table) -> None:
    """Stores the rows of a table on Spark as well."""
    theirs.create(table)
    rows = ours.execute(Days(table, FIRST, LAST).select().text).to_arrow_table()
    replace_days(theirs, Days(table, FIRST, LAST), theirs.session.createDataFrame(rows))
