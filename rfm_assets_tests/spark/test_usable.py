"""Both engines give one verdict on unusable days and report the same forms of what failed."""

from collections.abc import Iterator

import duckdb
import pytest

from rfm_assets.contracts import bronze
from rfm_assets.contracts.silver import CUSTOMER_INVOICES, FILE_OUTCOMES, REJECTED_TRANSACTIONS, TRANSACTIONS
from rfm_assets.silver.usable import USABLE
from rfm_assets.tables.run_checks import evaluate
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.engine import Connection
from rfm_assets.warehouse.spark.engine import SparkEngine
from rfm_assets.warehouse.spark.write import replace_days
from rfm_assets_tests.helpers.plain import FIRST, Row, day, line, malformed, materialize, new_database, put, statements

pytestmark = pytest.mark.e2e

SILVER = (TRANSACTIONS, REJECTED_TRANSACTIONS, FILE_OUTCOMES, CUSTOMER_INVOICES)
LAST = day(3)


def lines() -> Iterator[Row]:
    """A day before the run, one inside it and its newest, each bad in a different way."""
    yield line(Price="$36.93", StockCode="É1")
    yield line(on=day(2), source_file="returns.csv", Invoice="C489434", Quantity="-1")
    yield line(on=day(2), source_file="bad.csv", InvoiceDate="12/11/2026", Quantity="1,000")
    yield malformed(on=day(2), source_file="bad.csv")
    yield line(on=day(2))
    yield from (line(on=LAST, StockCode=f"SKU{n:03}", Price="1.00") for n in range(3))
    yield line(on=LAST, StockCode="pads")


def verdicts(connection: Connection) -> dict[str, object]:
    """What each check reports for the last two days, as a person reads it."""
    found = list(evaluate(USABLE, CUSTOMER_INVOICES, connection, (day(2), LAST)))
    return {str(one.check_name): one.description for one in found}


def test_both_engines_say_the_same_of_days_that_cannot_be_used(spark: SparkEngine) -> None:
    with new_database() as ours:
        put(ours, bronze.TRANSACTIONS, *[dict.fromkeys(bronze.TRANSACTIONS.types) | dict(one) for one in lines()])
        materialize(ours, FIRST, LAST, tables=SILVER)
        _copy(ours, spark)
        for table, query in statements(FIRST, LAST).items():
            if table in SILVER:
                with spark.replacing(Days(table, FIRST, LAST), query):
                    pass
        on_duckdb = verdicts(ours)
    assert None not in on_duckdb.values()
    with spark.connect(read_only=True) as theirs:
        assert verdicts(theirs) == on_duckdb


def _copy(ours: duckdb.DuckDBPyConnection, spark: SparkEngine) -> None:
    delivered = Days(bronze.TRANSACTIONS, FIRST, LAST)
    with spark.connect() as theirs:
        theirs.create(delivered.table)
        rows = ours.execute(delivered.select().text).to_arrow_table()
        replace_days(theirs, delivered, theirs.session.createDataFrame(rows))
