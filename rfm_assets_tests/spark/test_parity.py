"""Both engines give one result: the whole graph on each, and every table equal cell by cell."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from rfm_assets.bronze.unloaded import REMOVED
from rfm_assets.contracts import Table
from rfm_assets.contracts.bronze import LANDED_FILES, UNLOADED_FILES
from rfm_assets.contracts.gold import SEGMENT_THRESHOLDS
from rfm_assets.contracts.meta import CUSTOMER_PRODUCTS
from rfm_assets.contracts.silver import INVOICES
from rfm_assets.errors import PublishedError
from rfm_assets.publishing import reader
from rfm_assets.publishing.publish import publish
from rfm_assets.publishing.source import source_of
from rfm_assets.publishing.tables import PUBLISHED
from rfm_assets.sample.writer import write_sample
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.duckdb.engine import DuckDBEngine
from rfm_assets.warehouse.engine import Engine
from rfm_assets.warehouse.query import Query
from rfm_assets.warehouse.spark.connection import SparkConnection
from rfm_assets.warehouse.spark.engine import SparkEngine
from rfm_assets_tests.helpers.scenario import land, sale
from rfm_assets_tests.spark.comparing import Ran, columns_of, differences, materialize
from rfm_assets_tests.spark.conftest import new_engine

pytestmark = pytest.mark.e2e

FIRST, LAST = "2025-06-26", "2025-07-01"


@pytest.fixture(scope="module")
def shop(spark_remote: str, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: ARG001 - skips before any work
    """Six days of the sample shop: one of them undelivered, one with a second file of all sorts of lines."""
    shop = tmp_path_factory.mktemp("shop")
    write_sample(shop / "landing", start=date.fromisoformat(FIRST), days=6, lines_per_day=120)
    (shop / "landing" / "2025-06-29_transactions.csv").unlink()
    land(
        shop, "2025-06-28", sale(description='A "BOX", LARGE'), "too,few", '"open', sale(quantity="x"), name=" é.csv.gz"
    )
    return shop


@pytest.fixture(scope="module")
def runs(shop: Path, spark_remote: str) -> tuple[Ran, Ran]:
    def run(engine: Engine) -> Ran:
        return materialize(engine, shop / "landing", FIRST, LAST, published=shop / engine.name)

    return run(DuckDBEngine(database=str(shop / "warehouse.duckdb"))), run(new_engine(spark_remote, shop))


EMPTY_HERE = {  # a week has no horizon behind it, and clusters are those of each day
    *("proof.backtest", "proof.segment_outcomes"),
    *("ml.cluster_events", "ml.cluster_state"),
}


@pytest.fixture
def stored(shop: Path, runs: tuple[Ran, Ran]) -> Iterator[duckdb.DuckDBPyConnection]:  # noqa: ARG001
    with duckdb.connect(str(shop / "warehouse.duckdb"), read_only=True) as connection:
        yield connection


def test_every_table_is_equal_cell_by_cell(shop: Path, stored: duckdb.DuckDBPyConnection) -> None:
    assert differences(stored, shop / "tables") == {}


def test_the_same_checks_are_red(runs: tuple[Ran, Ran]) -> None:
    on_duckdb, on_spark = runs
    assert on_spark.red == on_duckdb.red >= {"no_malformed_lines", "every_day_was_delivered", "valid_quantity"}


def test_the_same_is_seen_at_a_preview(runs: tuple[Ran, Ran]) -> None:
    on_duckdb, on_spark = runs
    assert on_spark.previews == on_duckdb.previews
    assert {"gold/segment_summary", "quality/rule_outcomes", "ml/cluster_summary"} <= on_duckdb.previews.keys()


def test_each_day_has_the_same_row_count(runs: tuple[Ran, Ran]) -> None:
    on_duckdb, on_spark = runs
    assert on_spark.rows == on_duckdb.rows
    assert on_duckdb.rows["bronze/transactions", "2025-06-29"] == 0


def published(folder: Path) -> dict[str, object]:
    """What readers find, without the time it was made, and every list of customers."""
    with reader.published_copy(folder) as held:
        found: dict[str, object] = {
            table.address: held.execute(f"SELECT {columns_of(table)} FROM {table.address} ORDER BY ALL").fetchall()
            for table in (*(one.table for one in PUBLISHED), CUSTOMER_PRODUCTS)
        }
    lists = (folder / "audiences").glob("*/*.csv")
    return found | {"lists": {file.name: file.read_bytes() for file in lists}}


def test_readers_and_campaigns_get_the_same(shop: Path, runs: tuple[Ran, Ran]) -> None:  # noqa: ARG001
    ours, theirs = published(shop / "duckdb"), published(shop / "spark")
    assert {name for name, rows in ours.items() if not rows} == EMPTY_HERE
    assert theirs == ours


def test_only_days_that_changed_leave_a_cluster_whose_files_are_elsewhere(
    shop: Path,
    runs: tuple[Ran, Ran],  # noqa: ARG001
    spark_remote: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(SparkConnection, "files_here", lambda *_: ())
    engine = SparkEngine(remote=spark_remote, location=str(shop / "tables"))
    day = date.fromisoformat(LAST)

    def days_read() -> int:
        with source_of(engine) as source:
            return publish(source, shop / "again", run_id="a run").written.days

    assert days_read() > 6
    assert days_read() == 0
    kept = Query(f"SELECT * FROM gold.segment_thresholds WHERE as_of_date = DATE '{day}'")
    with engine.replacing(Days(SEGMENT_THRESHOLDS, day, day), kept) as (_, rows_per_day):
        assert rows_per_day == {day: 1}
    assert days_read() == 1
    assert published(shop / "again") | {"lists": {}} == published(shop / "spark") | {"lists": {}}


def test_a_day_that_was_emptied_is_lost_on_a_cluster_too_unless_its_files_were_removed_on_purpose(
    shop: Path,
    runs: tuple[Ran, Ran],  # noqa: ARG001
    spark_remote: str,
) -> None:
    engine = SparkEngine(remote=spark_remote, location=str(shop / "tables"))
    day = date.fromisoformat(FIRST)

    def publish_again() -> None:
        with source_of(engine) as source:
            publish(source, shop / "emptied", run_id="a run")

    def empty(table: Table) -> None:
        with engine.replacing(Days(table, day, day), Query(f"SELECT * FROM {table.address} WHERE false")) as (_, rows):
            assert rows == {}

    publish_again()
    empty(INVOICES)
    publish_again()  # its file is in the ledger: a correction may leave a day without sales
    empty(LANDED_FILES)
    with pytest.raises(PublishedError, match=f"holds {day}, which the warehouse lacks"):
        publish_again()
    values = f"DATE '{day}', '{day}.csv', 'v', '{REMOVED}', 'moved', 'utf-8', TIMESTAMP '{day} 00:00:00'"
    columns = ", ".join(UNLOADED_FILES.types)
    row = f"SELECT {columns} FROM (VALUES ({values})) AS noted({columns})"
    with engine.replacing(Days(UNLOADED_FILES, day, day), Query(row)) as (_, rows):
        assert rows == {day: 1}
    publish_again()
