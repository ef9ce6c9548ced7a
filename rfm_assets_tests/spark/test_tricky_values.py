"""Both engines give one result on awkward texts in every column of a line."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from rfm_assets.contracts import bronze, proof
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.spark.engine import SparkEngine
from rfm_assets.warehouse.spark.write import replace_days
from rfm_assets_tests.helpers.plain import (
    FIRST,
    MADE_BY_QUERIES,
    Row,
    line,
    malformed,
    materialize,
    new_database,
    put,
    statements,
)
from rfm_assets_tests.spark.comparing import differences
from rfm_assets_tests.spark.test_functions import TEXTS

pytestmark = pytest.mark.e2e

DAYS = 3
LAST = FIRST + timedelta(days=DAYS - 1)
COLUMNS = (*bronze.SOURCE_COLUMNS.values(), *bronze.OPTIONAL_SOURCE_COLUMNS)
CASTABLE = ("Quantity", "Price", "LineAmount", "InvoiceDate", "CustomerID")


def lines() -> Iterator[Row]:
    """Each awkward text in each column, alone and in all at once, on alternating days; ties and halves; NULL lines."""
    number = 0
    for text in TEXTS:
        for column in COLUMNS:
            number += 1
            yield line(on=_day(number), **{"Invoice": f"{500_000 + number}", column: text})
        yield line(on=_day(number), **dict.fromkeys(COLUMNS, text))
        yield line(on=_day(number), **dict.fromkeys(CASTABLE, text))
    for n in range(60):  # customers who spend halves of a penny, the same as others, and the middle of two others
        price = ("0.005", "0.015", "1.01", "1.02", "2.03", "311.05", "622.10", "622.1049")[n % 8]
        yield line(on=_day(n), Invoice=f"6{n:05}", CustomerID=f"{n % 23}", Price=price, Quantity=str(1 + n % 4))
    yield line(on=FIRST, **dict.fromkeys(COLUMNS))
    yield malformed(on=FIRST)
    yield malformed(on=LAST, _rescued_data="", source_file="é '1'.csv")


def _day(number: int) -> date:
    return FIRST + timedelta(days=number % DAYS)


def test_every_statement_finds_the_same(spark: SparkEngine, tmp_path: Path) -> None:
    tables = [bronze.TRANSACTIONS, *MADE_BY_QUERIES]
    with new_database() as ours:
        put(ours, bronze.TRANSACTIONS, *[dict.fromkeys(bronze.TRANSACTIONS.types) | dict(one) for one in lines()])
        materialize(ours, FIRST, LAST)
        delivered = Days(bronze.TRANSACTIONS, FIRST, LAST)
        with spark.connect() as theirs:
            theirs.create(delivered.table)
            theirs.create(proof.SEGMENT_OUTCOMES)  # no query fills it, and one reads it
            rows = ours.execute(delivered.select().text).to_arrow_table()
            replace_days(theirs, delivered, theirs.session.createDataFrame(rows))
        for table, query in statements(FIRST, LAST).items():
            with spark.replacing(Days(table, FIRST, LAST), query):
                pass
        assert differences(ours, tmp_path / "tables", tables) == {}
        assert _sizes(ours) == {"silver.transactions": True, "silver.rejected_transactions": True}


def _sizes(database: duckdb.DuckDBPyConnection) -> dict[str, bool]:
    """Whether the awkward lines end up on both sides of the rules."""
    found = {}
    for address in ("silver.transactions", "silver.rejected_transactions"):
        (count,) = database.execute(f"SELECT count(*) FROM {address}").fetchone() or (0,)
        found[address] = count > len(TEXTS)
    return found
