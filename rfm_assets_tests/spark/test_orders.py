"""Both engines form the same orders when invoice numbers recur and when stores number separately."""

import pytest

from rfm_assets.config.shop_file import Rules
from rfm_assets.contracts.silver import TRANSACTIONS
from rfm_assets.silver.sales import of_run, orders
from rfm_assets.warehouse.days import Days, stored_rows
from rfm_assets.warehouse.spark.engine import SparkEngine
from rfm_assets.warehouse.spark.write import replace_days
from rfm_assets_tests.helpers.plain import FIRST, day, new_database, put, sold

pytestmark = pytest.mark.e2e

LAST = day(900)
SALES = [
    sold(source_file="London/a.csv"),
    sold(source_file="Paris/till 1/a.csv", on=day(190)),
    sold(source_file="London/b.csv", on=day(200)),
    sold(None, source_file="b.csv", on=day(200), InvoiceDate=day(100)),
    sold("B", on=day(900), InvoiceDate=day(2)),
    sold(invoice="500001", on=day(10)),
    sold(invoice="500001", on=day(900), InvoiceDate=day(400)),
]


def test_both_engines_name_the_same_orders(spark: SparkEngine) -> None:
    stored = Days(TRANSACTIONS, FIRST, LAST)
    with new_database() as ours, spark.connect() as theirs:
        put(ours, TRANSACTIONS, *SALES)
        theirs.create(TRANSACTIONS)
        replace_days(
            theirs, stored, theirs.session.createDataFrame(ours.execute(stored.select().text).to_arrow_table())
        )
        for rules in (Rules(), Rules(stores="folder", invoice_reuse_days=30)):
            so_far = stored_rows(TRANSACTIONS, "<= $last")
            for first in (FIRST, LAST):
                named = orders(of_run(so_far), so_far, rules).bind(first, LAST).sql()
                select = f"SELECT processing_date, source_file, OrderNo FROM ({named}) AS named ORDER BY 1, 2, 3"
                on_duckdb, on_spark = (one.execute(select).fetchall() for one in (ours, theirs))
                assert any("(2)" in number for *_, number in on_duckdb)
                assert on_spark == on_duckdb
