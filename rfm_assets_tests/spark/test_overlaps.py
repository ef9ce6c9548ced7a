"""Both engines find the same contained files and leave out the same lines."""

import pytest

from rfm_assets.contracts.bronze import TRANSACTIONS
from rfm_assets.silver.overlaps import marked_repeats, overlapping_files
from rfm_assets.warehouse.days import Days, stored_rows
from rfm_assets.warehouse.spark.engine import SparkEngine
from rfm_assets.warehouse.spark.write import replace_days
from rfm_assets_tests.helpers.plain import FIRST, day, malformed, new_database, put
from rfm_assets_tests.silver.test_overlaps import file

pytestmark = pytest.mark.e2e

LAST = day(40)
LINES = [
    *file("large.csv", 1, *range(30)),
    malformed(source_file="large.csv"),
    *file("small.csv", 2, *range(20)),
    malformed(on=day(2), source_file="small.csv"),
    *file("other.csv", 2, *range(19), 40),
    *file("late.csv", 31, *range(30), 41),
    *file("alike.csv", 31, *range(30), 41),
]


def test_both_engines_find_the_same_files_within_others(spark: SparkEngine) -> None:
    stored, delivered = Days(TRANSACTIONS, FIRST, LAST), stored_rows(TRANSACTIONS, "BETWEEN $first - 30 AND $last")
    overlapping = overlapping_files(delivered).bind(FIRST, LAST).sql()
    lines = marked_repeats(delivered).bind(day(2), LAST).sql()
    told = f"SELECT source_file, repeats, count(*) AS lines FROM ({lines}) AS told GROUP BY source_file, repeats"
    statements = (f"SELECT * FROM ({overlapping}) AS found ORDER BY source_file", f"{told} ORDER BY source_file")
    with new_database() as ours, spark.connect() as theirs:
        put(ours, TRANSACTIONS, *[dict.fromkeys(TRANSACTIONS.types) | dict(one) for one in LINES])
        theirs.create(TRANSACTIONS)
        rows = ours.execute(stored.select().text).to_arrow_table()
        replace_days(theirs, stored, theirs.session.createDataFrame(rows))
        for statement in statements:
            on_duckdb, on_spark = (one.execute(statement).fetchall() for one in (ours, theirs))
            assert on_spark == on_duckdb
            assert any("small.csv" in row and "large.csv" in row for row in on_duckdb)
