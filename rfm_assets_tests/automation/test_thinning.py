"""The thinning job deletes the customers of days that are not kept, nothing else, and only when configured."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from rfm_assets.contracts import TABLES
from rfm_assets.definitions import build_definitions
from rfm_assets.errors import WarehouseError
from rfm_assets.tables.thinned_days import SNAPSHOTS, thinned_days
from rfm_assets.warehouse.spark.engine import SparkEngine
from rfm_assets_tests.helpers.plain import CHECKED
from rfm_assets_tests.helpers.runs import CUSTOMER_RFM, EVERYTHING, make, red, run
from rfm_assets_tests.helpers.scenario import land, resources, rows, sale, warehouse
from rfm_assets_tests.tables.test_run_checks import run_checks

pytestmark = pytest.mark.slow

FIRST, LAST = "2025-06-28", "2025-07-03"
KEPT = ["2025-06-30", "2025-07-02", "2025-07-03"]  # a month's end, the day before the newest, and the newest
GONE = ["2025-06-28", "2025-06-29", "2025-07-01"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop in which a new customer buys on each of six days around the end of a month; no clusters."""
    shop = tmp_path_factory.mktemp("shop")
    for number in range(6):
        day = f"2025-06-{28 + number}" if number < 3 else f"2025-07-0{number - 2}"
        land(shop, day, sale(invoice=f"48943{number}", customer_id=f"1308{number}", invoice_date=day))
    make(shop, EVERYTHING, FIRST, LAST)
    return shop


@pytest.fixture
def shop(made: Path, tmp_path: Path) -> Path:
    """A copy of the shop to delete from."""
    (tmp_path / "landing").symlink_to(made / "landing")
    (tmp_path / "warehouse.duckdb").write_bytes((made / "warehouse.duckdb").read_bytes())
    return tmp_path


def thin(shop: Path, daily_for_days: int | None = 1) -> dg.ExecuteInProcessResult:
    job = build_definitions(resources(shop)).resolve_job_def("thin_snapshots")
    config = {"ops": {"delete_old_snapshots": {"config": {"daily_for_days": daily_for_days}}}}
    with dg.DagsterInstance.ephemeral() as instance:
        return job.execute_in_process(config, instance=instance)


def days_of(shop: Path, address: str) -> list[str]:
    day = TABLES[dg.AssetKey(address.split("."))].day
    return [str(found) for (found,) in rows(shop, f"SELECT DISTINCT {day} FROM {address} ORDER BY 1")]


def stored(shop: Path) -> Mapping[str, list[tuple[Any, ...]]]:
    names = "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE schema_name <> 'meta'"
    addresses = [name for (name,) in rows(shop, names)]
    return {address: rows(shop, f"SELECT * FROM {address} ORDER BY ALL") for address in sorted(addresses)}


def told(result: dg.ExecuteInProcessResult) -> Mapping[str, Any]:
    (output,) = [
        event for event in result.all_events if event.is_step_event and event.event_type_value == "STEP_OUTPUT"
    ]
    return {name: value.value for name, value in output.step_output_data.metadata.items()}


def test_the_tables_with_a_row_for_each_customer_and_day_are_thinned() -> None:
    assert {table.address for table in SNAPSHOTS} == {
        "gold.customer_money",
        "gold.customer_rfm",
        "gold.customer_scores",
        "gold.customer_segments",
        "ml.customer_clusters",
    }


def test_the_customers_of_the_days_that_are_not_kept_go_and_nothing_else(shop: Path) -> None:
    before = stored(shop)
    thin(shop)
    after = stored(shop)
    thinned = {f"gold.customer_{kind}" for kind in ("money", "rfm", "scores", "segments")}
    assert {address: days_of(shop, address) for address in thinned} == dict.fromkeys(thinned, KEPT)
    for address, all_rows in before.items():
        kept = [row for row in all_rows if address not in thinned or str(row[0]) in KEPT]
        assert after[address] == kept, address


def test_it_tells_which_days_went_and_how_many_rows_of_each_table(shop: Path) -> None:
    result = thin(shop)
    assert told(result)["deleted_days"] == ", ".join(GONE)
    assert told(result)["deleted_rows of gold.customer_rfm"] == 1 + 2 + 4
    assert told(result)["warehouse_bytes"] == (shop / "warehouse.duckdb").stat().st_size
    observed = [event.asset_observation_data.asset_observation for event in result.get_asset_observation_events()]
    assert {one.asset_key.to_user_string(): one.metadata["deleted_rows"].value for one in observed} == {
        "gold/customer_money": 7,
        "gold/customer_rfm": 7,
        "gold/customer_scores": 7,
        "gold/customer_segments": 7,
    }


def test_a_second_time_there_is_nothing_to_delete(shop: Path) -> None:
    thin(shop)
    before = stored(shop)
    assert told(thin(shop))["deleted_days"] == ""
    assert stored(shop) == before


def test_without_a_number_of_days_everything_is_kept(shop: Path) -> None:
    before = stored(shop)
    assert thin(shop, None).success
    assert stored(shop) == before


def test_before_anything_is_stored_there_is_nothing_to_delete_and_no_file_is_made(tmp_path: Path) -> None:
    assert thin(tmp_path).success
    assert not warehouse(tmp_path).exists


def test_on_a_cluster_it_refuses_with_a_way_out(tmp_path: Path) -> None:
    cluster = SparkEngine(remote="sc://127.0.0.1:1", location="s3a://shop/tables")
    job = build_definitions(resources(tmp_path) | {"warehouse": cluster}).resolve_job_def("thin_snapshots")
    config = {"ops": {"delete_old_snapshots": {"config": {"daily_for_days": 31}}}}
    with (
        dg.DagsterInstance.ephemeral() as instance,
        pytest.raises(WarehouseError, match="nothing was deleted from s3a://shop/tables: delete days on the cluster"),
    ):
        job.execute_in_process(config, instance=instance)


def test_a_failure_deletes_nothing_of_any_table(shop: Path) -> None:
    with warehouse(shop).connect() as connection:
        connection.execute("ALTER TABLE gold.customer_segments ADD COLUMN surplus INTEGER")
    before = stored(shop)
    with pytest.raises(Exception, match=r"gold\.customer_segments does not match its contract"):
        thin(shop)
    assert stored(shop) == before


def test_checks_stay_green_over_thinned_days(shop: Path) -> None:
    thin(shop)
    with duckdb.connect(str(shop / "warehouse.duckdb"), read_only=True) as connection:
        for table in CHECKED:
            if table.schema == "gold":
                found = run_checks(table.address, connection)
                assert [name for name, result in found.items() if not result.passed] == [], table.address


def test_one_more_day_goes_on_from_a_thinned_history_as_from_a_whole_one(shop: Path, made: Path) -> None:
    thin(shop, 0)
    result = run(shop, EVERYTHING, LAST)
    assert result.success
    assert red(result) <= {"newest_day_is_recent"}
    for address in ("gold.customer_rfm", "gold.segment_summary"):
        select = f"SELECT * FROM {address} WHERE as_of_date = DATE '{LAST}' ORDER BY ALL"
        assert rows(shop, select) == rows(made, select)


def test_a_thinned_day_that_is_made_again_is_there_again_as_it_was(shop: Path, made: Path) -> None:
    thin(shop)
    result = run(shop, dg.AssetSelection.groups("gold"), GONE[0], LAST)
    assert red(result) == set()
    for table in SNAPSHOTS[:2]:
        select = f"SELECT * FROM {table.address} ORDER BY ALL"
        assert rows(shop, select) == rows(made, select)


def test_a_thinned_day_that_is_only_half_made_again_is_not_taken_for_thinned(shop: Path) -> None:
    thin(shop)
    make(shop, CUSTOMER_RFM, GONE[0])
    with duckdb.connect(str(shop / "warehouse.duckdb"), read_only=True) as connection:
        assert not run_checks("gold.customer_segments", connection)["every_customer_has_one_segment"].passed
        assert not run_checks("gold.segment_summary", connection)["summary_adds_up"].passed


def test_a_day_that_lost_the_rows_of_one_table_is_not_taken_for_thinned(shop: Path) -> None:
    with warehouse(shop).connect() as connection:
        connection.execute(f"DELETE FROM gold.customer_rfm WHERE as_of_date = DATE '{GONE[0]}'")
        assert thinned_days(connection, date.min, date.max) == frozenset()
        assert not run_checks("gold.customer_rfm", connection)["revenue_reconciles_with_invoices"].passed
        assert not run_checks("gold.segment_thresholds", connection)["customers_are_those_of_the_day"].passed
