"""The Spark write touches nothing until every row is computed and checked."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import dagster as dg
import pandas as pd
import pytest
from pyspark.errors import PySparkException

from rfm_assets.contracts import Column, Table, gold
from rfm_assets.errors import ContractError, DialectError, MissingTableError, RfmError, WarehouseError
from rfm_assets.publishing.publish import publish
from rfm_assets.publishing.source import source_of
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.query import Query
from rfm_assets.warehouse.spark import connection as spark_connection
from rfm_assets.warehouse.spark.connection import SparkConnection
from rfm_assets.warehouse.spark.engine import SparkEngine, settings_for_a_day_on, settings_on
from rfm_assets.warehouse.spark.write import replace_days
from rfm_assets_tests.helpers.visits import DAY, NEXT_DAY, THIRD_DAY, VISITS, Row, days, query, visit
from rfm_assets_tests.spark.servers import FEW_ROWS

pytestmark = pytest.mark.e2e
STORED = "SELECT as_of_date, customer, spent FROM gold.visits ORDER BY as_of_date, customer"


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Adds the visits table to the contracts."""
    known = MappingProxyType({VISITS.address: VISITS, gold.CUSTOMER_RFM.address: gold.CUSTOMER_RFM})
    monkeypatch.setattr(spark_connection, "_BY_ADDRESS", known)


def store(engine: SparkEngine, slice_: Days, value: object) -> dict[date, int]:
    with engine.replacing(slice_, value) as (_, rows_per_day):  # type: ignore[arg-type]
        return dict(rows_per_day)


def stored(engine: SparkEngine) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return connection.execute(STORED).fetchall()


@pytest.fixture
def visits(spark: SparkEngine) -> SparkEngine:
    """A warehouse with a visit on each of three days."""
    store(spark, days(DAY, THIRD_DAY), query(visit(DAY, "a"), visit(NEXT_DAY, "b"), visit(THIRD_DAY, "c")))
    return spark


def test_a_day_is_replaced_emptied_or_left_alone(visits: SparkEngine) -> None:
    rewritten = store(visits, days(DAY, NEXT_DAY), query(visit(DAY, "x"), visit(DAY, "y")))
    assert rewritten == {DAY: 2}
    assert stored(visits) == [visit(DAY, "x"), visit(DAY, "y"), visit(THIRD_DAY, "c")]
    assert store(visits, days(DAY, THIRD_DAY), query()) == {}
    assert stored(visits) == []


@pytest.mark.parametrize("adaptive", ["true", "false"])
@pytest.mark.parametrize(
    ("rows", "left"),
    [
        (Query(f"SELECT * FROM {VISITS.address} WHERE false"), {}),
        (query(visit(DAY, "x"), visit(DAY, "y"), visit(THIRD_DAY, "z")), {DAY: 2, THIRD_DAY: 1}),
    ],
    ids=["none, as Spark knows", "some"],
)
def test_days_without_rows_are_emptied_however_spark_plans(
    visits: SparkEngine, rows: Query, left: Mapping[date, int], adaptive: str
) -> None:
    visits.setup_for_execution(dg.build_init_resource_context())  # one session
    with visits.connect() as connection:
        connection.session.conf.set("spark.sql.adaptive.enabled", adaptive)
    assert store(visits, days(DAY, THIRD_DAY), rows) == left
    assert Counter(day for day, *_ in stored(visits)) == left
    visits.teardown_after_execution(dg.build_init_resource_context())


def test_a_day_that_keeps_what_it_holds_is_not_touched(visits: SparkEngine) -> None:
    store(visits, Days(VISITS, DAY, THIRD_DAY, frozenset({NEXT_DAY})), query(visit(DAY, "x")))
    assert stored(visits) == [visit(DAY, "x"), visit(NEXT_DAY, "b")]


def test_a_frame_is_stored_in_the_types_of_the_contract(visits: SparkEngine) -> None:
    frame = pd.DataFrame({"spent": [1.005], "customer": ["é"], "as_of_date": [DAY]})
    store(visits, days(DAY), frame)
    assert stored(visits)[0] == (DAY, "é", Decimal("1.01"))


def test_tables_are_found_again_by_a_server_that_has_forgotten_them(visits: SparkEngine) -> None:
    with visits.connect() as connection:
        connection.session.sql("DROP TABLE gold.visits").collect()  # its files stay
    assert len(stored(visits)) == 3


@pytest.mark.parametrize(
    ("rewrite", "error", "message"),
    [
        (Query("SELECT * FROM gold.customer_rfm"), MissingTableError, "gold.customer_rfm is not there yet, and a step"),
        (Query("SELECT * FROM gold.nowhere"), DialectError, "gold.nowhere is not a table of the contracts"),
        (Query("SELECT no_such_function(1)"), DialectError, "no_such_function is not known to mean the same"),
        (query(visit(NEXT_DAY, "x"), columns="as_of_date, customer, 'much' AS spent"), PySparkException, "much"),
        (query(visit(NEXT_DAY, "x"), columns="*, 1 AS more"), ContractError, "do not fit its contract: surplus: more"),
        (query(visit(NEXT_DAY, "x"), columns="as_of_date, customer"), ContractError, "missing: spent"),
        (
            query(visit(NEXT_DAY, "x"), visit(THIRD_DAY, "y")),
            ContractError,
            "1 rows for gold.visits are outside the days",
        ),
        (query(visit(None, "x")), ContractError, "1 rows for gold.visits are outside the days"),
        (["x"], ContractError, "the warehouse stores queries, landed files and pandas frames, not list"),
    ],
    ids=[
        "missing table",
        "unknown table",
        "unknown function",
        "wrong type",
        "surplus",
        "missing",
        "stray",
        "no day",
        "kind",
    ],
)
def test_a_failed_rewrite_keeps_the_stored_day(
    visits: SparkEngine, rewrite: object, error: type[Exception], message: str
) -> None:
    before = stored(visits)
    with pytest.raises(error, match=f"(?s){message}"):
        store(visits, days(NEXT_DAY), rewrite)
    assert stored(visits) == before


def test_a_fraction_for_a_whole_number_is_refused(spark: SparkEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Table("gold.counted", "", (Column("as_of_date", "DATE", ""), Column("n", "INTEGER", "")))
    monkeypatch.setattr(spark_connection, "_BY_ADDRESS", {"gold.counted": counted})
    half = Query(f"SELECT DATE '{DAY}' AS as_of_date, 1.5 AS n")
    with pytest.raises(ContractError, match=r"gold.counted.n is INTEGER but given as DECIMAL\(2,1\): say round\(...\)"):
        store(spark, Days(counted, DAY, DAY), half)


def test_a_table_that_departs_from_its_contract_is_refused(visits: SparkEngine) -> None:
    with visits.connect() as connection:
        connection.session.sql("ALTER TABLE gold.visits ADD COLUMN shop STRING").collect()
    with pytest.raises(ContractError, match=r"gold.visits does not match its contract .surplus: shop"):
        store(visits, days(DAY), query(visit(DAY, "x")))


def test_a_table_at_another_place_is_no_surprise(visits: SparkEngine, tmp_path: Path) -> None:
    moved = visits.model_copy(update={"location": str(tmp_path / "elsewhere")})
    with pytest.raises(
        WarehouseError, match=r"has gold.visits at file:.*/tables/gold/visits, not below .*elsewhere: set"
    ):
        store(moved, days(DAY), query(visit(DAY, "x")))


@pytest.mark.parametrize(
    ("remote", "message"),
    [
        (
            "sc://127.0.0.1:1",
            r"no Spark Connect server answers at 127.0.0.1:1 \(.*\): start it, or correct SPARK_REMOTE",
        ),
        ("spark://127.0.0.1:7077", "SPARK_REMOTE is not an address of a Spark Connect server: write it like sc://"),
    ],
)
def test_a_server_that_does_not_answer_is_named(remote: str, message: str) -> None:
    engine = SparkEngine(remote=remote, location="unused", lock_patience=2)
    with pytest.raises(RfmError, match=message), engine.connect():
        pass


def test_the_steps_of_a_run_share_a_session_until_one_fails(spark: SparkEngine) -> None:
    run = dg.build_init_resource_context()

    def session(*, failing: bool = False) -> object:
        with spark.connect() as connection:
            if failing:
                raise ValueError("a step failed")
            return connection.session

    spark.setup_for_execution(run)
    shared = session()
    assert session() is shared
    with pytest.raises(ValueError, match="a step failed"):
        session(failing=True)
    after_failure = session()
    assert after_failure is not shared
    spark.teardown_after_execution(run)
    assert session() is not after_failure


def test_a_step_that_finds_a_table_missing_has_not_failed(spark: SparkEngine) -> None:
    run = dg.build_init_resource_context()
    spark.setup_for_execution(run)
    with pytest.raises(MissingTableError), spark.connect() as connection:
        connection.execute(STORED)
    with spark.connect() as again:
        assert again is connection
    spark.teardown_after_execution(run)


def test_a_session_on_one_machine_suits_few_rows_where_the_server_says_nothing_else(spark: SparkEngine) -> None:
    with spark.connect() as connection:
        found = connection.session.conf.getAll
    assert found["spark.sql.adaptive.enabled"] == "false"
    assert found["spark.sql.shuffle.partitions"] == FEW_ROWS["spark.sql.shuffle.partitions"] == "1"


@pytest.mark.parametrize(
    "master", ["spark://shop.example:7077", "yarn", "k8s://shop.example", "local-cluster[2,1,1024]"]
)
def test_how_a_cluster_plans_is_left_to_it(master: str) -> None:
    assert settings_on({"spark.master": master}) == settings_on({}) != settings_on({"spark.master": "local[2]"})
    assert settings_for_a_day_on({"spark.master": master}) == {}


def test_a_session_has_some_settings_only_as_long_as_it_stores_single_days(spark: SparkEngine) -> None:
    name = "spark.sql.codegen.maxFields"
    with spark.connect() as opened:
        connection = SparkConnection(opened.session, location="unused", format="parquet", for_a_day={name: "7"})

        def setting_for(stored: Days) -> str | None:
            connection.expect_rows_of(stored)
            return connection.session.conf.get(name)

        at_first = connection.session.conf.get(name)
        assert [setting_for(days(DAY)), setting_for(days(DAY, NEXT_DAY))] == ["7", at_first]
        assert at_first != "7"


@pytest.mark.parametrize("adaptive", ["true", "false"])
def test_a_day_is_counted_as_it_is_written(visits: SparkEngine, monkeypatch: pytest.MonkeyPatch, adaptive: str) -> None:
    run = dg.build_init_resource_context()
    visits.setup_for_execution(run)
    with visits.connect() as connection:
        connection.session.conf.set("spark.sql.adaptive.enabled", adaptive)
    monkeypatch.delattr(Days, "rows_per_day")  # a separate statement
    assert store(visits, days(DAY), query(visit(DAY, "x"), visit(DAY, "y"))) == {DAY: 2}
    visits.teardown_after_execution(run)


@pytest.mark.parametrize("adaptive", ["true", "false"])
def test_a_day_is_one_file_however_many_tasks_made_its_rows(spark: SparkEngine, adaptive: str) -> None:
    with spark.connect() as connection:
        connection.session.conf.set("spark.sql.adaptive.enabled", adaptive)
        connection.create(VISITS)
        rows = connection.session.range(0, 100, numPartitions=4).selectExpr(
            f"if(id % 2 = 0, DATE '{DAY}', DATE '{NEXT_DAY}') AS as_of_date", "string(id) AS customer", "1.0 AS spent"
        )
        assert replace_days(connection, days(DAY, NEXT_DAY), rows) == {DAY: 50, NEXT_DAY: 50}
        assert len(connection.session.table(VISITS.address).inputFiles()) == 2


def test_from_a_cluster_without_tables_nothing_is_published(spark: SparkEngine, tmp_path: Path) -> None:
    with (
        source_of(spark) as source,
        pytest.raises(MissingTableError, match="nothing has been stored on the cluster yet: materialize a day first"),
    ):
        publish(source, tmp_path / "published", run_id="a run")


def test_rows_are_of_the_row_type(visits: SparkEngine) -> None:
    found: list[Row] = [visit(DAY, "a"), visit(NEXT_DAY, "b"), visit(THIRD_DAY, "c")]
    assert stored(visits) == found


def test_a_table_of_an_older_version_gets_the_columns_that_it_lacks(
    visits: SparkEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = Table(VISITS.address, VISITS.grain, (*VISITS.columns, Column("shop", "VARCHAR", "Where.")))
    monkeypatch.setattr(spark_connection, "_BY_ADDRESS", {newer.address: newer})
    with visits.connect() as connection:
        found = connection.execute("SELECT customer, shop FROM gold.visits ORDER BY customer").fetchall()
    assert found == [("a", None), ("b", None), ("c", None)]
    given = query(visit(DAY, "x"), columns="as_of_date, customer, spent, 'a shop' AS shop")
    assert store(visits, Days(newer, DAY, DAY), given) == {DAY: 1}
