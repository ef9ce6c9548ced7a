"""The IO manager stores and loads queries, without reading them, and pandas frames; it refuses anything else."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pytest

from rfm_assets.contracts import TABLES, Column, Table
from rfm_assets.errors import ContractError, WarehouseError
from rfm_assets.metadata_table import metadata_table
from rfm_assets.warehouse.io_manager import WarehouseIOManager, warehouse_io_manager
from rfm_assets.warehouse.query import Query
from rfm_assets_tests.helpers.scenario import rows, warehouse
from rfm_assets_tests.helpers.visits import DAY, NEXT_DAY, STORED, THIRD_DAY, VISITS, days, query, visit

pytestmark = pytest.mark.filterwarnings(
    "ignore:InitResourceContext.dagster_run:DeprecationWarning", "ignore::dagster.BetaWarning"
)

TOTALS = Table(
    "gold.totals",
    "What was spent on a day.",
    (
        Column("as_of_date", "DATE", "The day."),
        Column("spent", "DECIMAL(12,2)", "How much."),
        Column("note", "VARCHAR", "Anything else."),
    ),
)
STORED_TOTALS = "SELECT as_of_date, spent, note FROM gold.totals ORDER BY ALL"

DAILY = dg.DailyPartitionsDefinition("2025-06-26", end_date="2025-06-29")

Value = Any  # what an asset returns: tests return valid and invalid kinds


@pytest.fixture(autouse=True)
def _contracts(monkeypatch: pytest.MonkeyPatch) -> None:
    for table in (VISITS, TOTALS):
        monkeypatch.setitem(TABLES, table.asset_key, table)


def asset_of(table: Table, compute: Callable[..., Value], **reads: dg.AssetIn) -> dg.AssetsDefinition:
    """An asset for a table, over the days of these tests; the annotations of `compute` choose its input's kind."""
    return dg.asset(
        key=table.asset_key,
        ins=reads,
        partitions_def=DAILY,
        backfill_policy=dg.BackfillPolicy.single_run(),
    )(compute)


def run(
    shop: Path, *assets: dg.AssetsDefinition, first: date = DAY, last: date = DAY, select: Table | None = None
) -> dg.ExecuteInProcessResult:
    """Materializes all assets, or one, in one run for some days."""
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize(
            assets,
            selection=[select.asset_key] if select else None,
            resources={"io_manager": warehouse_io_manager, "warehouse": warehouse(shop)},
            instance=instance,
            tags={"dagster/asset_partition_range_start": str(first), "dagster/asset_partition_range_end": str(last)},
        )


def store(shop: Path, value: Value) -> None:
    """Stores a value as a day of totals, outside a run."""
    context = dg.build_output_context(asset_key=TOTALS.asset_key, partition_key=str(DAY), asset_partitions_def=DAILY)
    WarehouseIOManager(warehouse(shop)).handle_output(context, value)


def visits(*stored: Value) -> dg.AssetsDefinition:
    """The visits asset, returning these rows."""

    def compute() -> Query:
        return query(*stored)

    return asset_of(VISITS, compute)


def totals_from(compute: Callable[..., Value], *, columns: list[str] | None = None) -> dg.AssetsDefinition:
    """The totals asset, computed from the visits of the same days."""
    metadata = {"columns": columns} if columns else None
    return asset_of(TOTALS, compute, visits=dg.AssetIn(VISITS.asset_key, metadata=metadata))


def test_a_query_over_an_input_is_run_in_the_warehouse_for_the_days_of_the_run(tmp_path: Path) -> None:
    def totals(visits: Query) -> Query:
        return Query("SELECT sum(spent) AS spent, 'q' AS note, as_of_date FROM visits GROUP BY 3", {"visits": visits})

    run(tmp_path, visits(visit(DAY, "a"), visit(DAY, "b"), visit(NEXT_DAY, "a")), first=DAY, last=NEXT_DAY)
    run(tmp_path, visits(visit(NEXT_DAY, "c", "9.00")), totals_from(totals), first=NEXT_DAY, last=NEXT_DAY)
    assert rows(tmp_path, STORED_TOTALS) == [(NEXT_DAY, Decimal("9.00"), "q")]
    assert len(rows(tmp_path, STORED)) == 3


def test_an_input_without_annotation_is_a_query(tmp_path: Path) -> None:
    def totals(visits):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - that is the case
        assert isinstance(visits, Query)
        return Query("SELECT as_of_date, spent, customer AS note FROM visits", {"visits": visits})

    run(tmp_path, visits(visit(DAY, "a")), totals_from(totals))
    assert rows(tmp_path, STORED_TOTALS) == [(DAY, Decimal("1.10"), "a")]


def test_a_frame_is_given_and_taken(tmp_path: Path) -> None:
    def totals(visits: pd.DataFrame) -> pd.DataFrame:
        assert list(visits.columns) == ["as_of_date", "customer", "spent"]
        return visits.groupby("as_of_date", as_index=False).agg(spent=("spent", "sum"), note=("customer", "".join))

    stored = [visit(DAY, "a", "0.10"), visit(DAY, "b", "0.20"), visit(NEXT_DAY, "c")]
    run(tmp_path, visits(*stored), totals_from(totals), first=DAY, last=THIRD_DAY)
    assert rows(tmp_path, STORED_TOTALS) == [(DAY, Decimal("0.30"), "ab"), (NEXT_DAY, Decimal("1.10"), "c")]


def test_a_frame_has_the_columns_that_its_input_names(tmp_path: Path) -> None:
    def totals(visits: pd.DataFrame) -> pd.DataFrame:
        assert visits.to_dict("list") == {"customer": ["a"], "spent": [1.1]}
        return pd.DataFrame({"as_of_date": [DAY], "spent": visits["spent"], "note": visits["customer"]})

    run(tmp_path, visits(visit(DAY, "a")), totals_from(totals, columns=["customer", "spent"]))
    assert rows(tmp_path, STORED_TOTALS) == [(DAY, Decimal("1.10"), "a")]


@pytest.mark.parametrize(
    ("frame", "stored"),
    [
        (
            pd.DataFrame({"note": ["a"], "spent": [Decimal("12345.67")], "as_of_date": [DAY]}),
            [(DAY, Decimal("12345.67"), "a")],
        ),
        (
            pd.DataFrame({"as_of_date": pd.to_datetime(["2025-06-26"]), "spent": [0.29], "note": [None]}),
            [(DAY, Decimal("0.29"), None)],
        ),
        (
            pd.DataFrame({"as_of_date": [DAY] * 2, "spent": pd.array([1, None], dtype="Int64"), "note": ["", "é"]}),
            [(DAY, Decimal("1.00"), ""), (DAY, None, "é")],
        ),
        (pd.DataFrame({"as_of_date": [DAY], "spent": [7], "note": ["a"]}, index=[99]), [(DAY, Decimal("7.00"), "a")]),
        (pd.DataFrame({"as_of_date": [], "spent": [], "note": []}), []),
        (pd.DataFrame(columns=["as_of_date", "spent", "note"]), []),
    ],
    ids=["decimals", "timestamps, floats, nothing", "nullable", "an index", "empty", "empty, without types"],
)
def test_a_frame_becomes_rows_of_the_declared_types(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, frame: pd.DataFrame, stored: list[Value]
) -> None:
    monkeypatch.setattr("rfm_assets.warehouse.io_manager._report", lambda *_: None)  # which needs a run
    store(tmp_path, frame)
    assert rows(tmp_path, STORED_TOTALS) == stored


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "stores queries, landed files and pandas frames, not NoneType"),
        ("SELECT 1", "not str"),
        ([(DAY, 1, "a")], "not list"),
        (type("DataFrame", (), {})(), "not DataFrame"),
        (pd.DataFrame({"as_of_date": [DAY], "spent": [1]}), "do not fit its contract: missing: note"),
        (pd.DataFrame({"as_of_date": [NEXT_DAY], "spent": [1], "note": ["a"]}), "1 rows for gold.totals are outside"),
    ],
    ids=["nothing", "text", "list", "another library's frame", "frame of another shape", "frame of another day"],
)
def test_what_does_not_fit_is_refused_and_the_stored_day_stays(tmp_path: Path, value: Value, message: str) -> None:
    with warehouse(tmp_path).transaction() as connection:
        connection.execute("CREATE SCHEMA gold")
        connection.execute(TOTALS.ddl())
        connection.execute(f"INSERT INTO gold.totals VALUES ('{DAY}', 5, 'kept')")
    with pytest.raises(ContractError, match=message):
        store(tmp_path, value)
    assert rows(tmp_path, STORED_TOTALS) == [(DAY, Decimal("5.00"), "kept")]


def test_an_input_of_another_kind_is_refused(tmp_path: Path) -> None:
    def totals(visits: list[int]) -> Query:
        raise AssertionError(visits)

    with pytest.raises(ContractError, match=r"gives queries and pandas frames of gold\.visits, not \[Int\]"):
        run(tmp_path, visits(), totals_from(totals))


@pytest.mark.parametrize("kind", [Query, pd.DataFrame])
def test_an_input_that_was_never_stored_says_what_to_do(tmp_path: Path, kind: type) -> None:
    def totals(visits: Value) -> Value:
        return visits if kind is pd.DataFrame else Query("FROM visits", {"visits": visits})

    totals.__annotations__["visits"] = kind
    with warehouse(tmp_path).transaction() as connection:
        connection.execute("SELECT 'a warehouse without tables'")
    with pytest.raises(WarehouseError, match="needs a table that does not exist yet; materialize it first"):
        run(tmp_path, visits(), totals_from(totals), select=TOTALS)


def test_an_asset_without_a_contract_is_refused(tmp_path: Path) -> None:
    def compute() -> Query:
        return query()

    stray = Table("gold.stray", "Nobody declared it.", VISITS.columns)
    with pytest.raises(ContractError, match="asset gold/stray has no contract: declare its table"):
        run(tmp_path, asset_of(stray, compute))


def test_an_empty_day_is_stored_and_what_reads_it_runs(tmp_path: Path) -> None:
    def totals(visits: Query) -> Query:
        return Query("SELECT as_of_date, spent, customer AS note FROM visits", {"visits": visits})

    assert run(tmp_path, visits(), totals_from(totals)).success
    assert rows(tmp_path, STORED_TOTALS) == []


def test_each_day_of_a_range_tells_its_own_row_count(tmp_path: Path) -> None:
    """Also a characterization of Dagster: only the step's context accepts metadata for one partition."""
    result = run(tmp_path, visits(visit(DAY, "a"), visit(DAY, "b"), visit(THIRD_DAY, "a")), first=DAY, last=THIRD_DAY)
    told = result.asset_materializations_for_node("gold__visits")
    counts = {day.partition: day.metadata["dagster/partition_row_count"].value for day in told}
    assert counts == {str(DAY): 2, str(NEXT_DAY): 0, str(THIRD_DAY): 1}
    assert {day.metadata["dagster/storage_kind"].value for day in told} == {"duckdb"}


def test_rows_never_pass_through_python_on_their_way_from_query_to_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WarehouseIOManager, "_load_frame", lambda *_: pytest.fail("read rows"))

    def totals(visits: Query) -> Query:
        assert visits == days(DAY).select()
        return Query("SELECT as_of_date, spent, customer AS note FROM visits", {"visits": visits})

    assert run(tmp_path, visits(visit(DAY, "a")), totals_from(totals)).success


@pytest.fixture
def glance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder where previews of gold's tables are looked up."""
    monkeypatch.setattr("rfm_assets.warehouse.io_manager.files", lambda _: tmp_path)
    return tmp_path


def test_the_last_day_shows_the_preview_that_its_layer_has_for_it(tmp_path: Path, glance: Path) -> None:
    glance.joinpath("visits_preview.sql").write_text("SELECT customer AS Who FROM gold.visits WHERE as_of_date = $day")
    result = run(tmp_path, visits(visit(DAY, "a"), visit(NEXT_DAY, "b")), first=DAY, last=NEXT_DAY)
    told = {str(day.partition): day.metadata for day in result.asset_materializations_for_node("gold__visits")}
    assert told[str(NEXT_DAY)]["preview"] == metadata_table(["Who"], [["b"]])
    assert "preview" not in told[str(DAY)]
