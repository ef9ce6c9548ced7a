"""The deployed system works together: webserver, code server, daemon and run workers, driven by the UI's API.

The servers start once. A clean day is materialized, then a range with a dirty day is backfilled; the tests read what
the UI shows afterwards.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from rfm_assets_tests.helpers.api import Api
from rfm_assets_tests.helpers.scenario import DAY, NEXT_DAY, THIRD_DAY, land, sale
from rfm_assets_tests.helpers.servers import Deployment, deployed

pytestmark = pytest.mark.e2e

LAST_DAY = "2025-06-29"
DIRTY_DAY = THIRD_DAY
ENDED = {"SUCCESS", "FAILURE", "CANCELED"}
RETURNED, EMPTY = sale(invoice="C489449", quantity="-3"), sale(invoice="489450", quantity="0")


@dataclass(frozen=True)
class Launched:
    """The ids of everything launched; all of it has ended."""

    day: str
    backfill: str


@pytest.fixture(scope="module")
def ui(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A shop with four delivered days and its webserver; the daemon is not running yet."""
    home = tmp_path_factory.mktemp("shop")
    for number, day in enumerate([DAY, NEXT_DAY, THIRD_DAY, LAST_DAY]):
        dirt = [RETURNED, EMPTY] if day == DIRTY_DAY else []
        land(home, day, sale(invoice=f"48943{number}"), sale(invoice=f"48944{number}", customer_id="12346"), *dirt)
    settings = {"RFM_LANDING": "landing", "RFM_WAREHOUSE": "warehouse.duckdb", "RFM_START_DATE": DAY}
    with deployed(home, **settings, RFM_STALE_AFTER_DAYS="36500") as deployment:
        yield deployment


@pytest.fixture(autouse=True)
def logs_of_a_failure(request: pytest.FixtureRequest, ui: Deployment) -> Iterator[None]:
    """Shows the servers' logs next to a failed test."""
    failed_before = request.session.testsfailed
    yield
    if request.session.testsfailed > failed_before:
        sys.stderr.write(ui.logs())


@pytest.fixture(scope="module")
def launched(ui: Deployment) -> Launched:
    """The first day's refresh and the backfill of the other days, launched in this order and both finished."""
    ui.api.stop_sensor("landed_files")  # which would request the same days by itself
    launched = Launched(
        day=ui.api.launch_day("daily_refresh", DAY),
        backfill=ui.api.launch_backfill("daily_refresh", [NEXT_DAY, THIRD_DAY, LAST_DAY]),
    )
    ui.start_daemon()

    def all_ended() -> bool:
        runs = ui.api.backfill_runs(launched.backfill)
        return bool(runs) and {ui.api.run_status(launched.day), *(run["status"] for run in runs)} <= ENDED

    ui.wait_until(all_ended, "the refresh of a day and a backfill have run")
    return launched


@pytest.fixture
def api(ui: Deployment, launched: Launched) -> Api:  # noqa: ARG001 - the API, once there is something to see
    """The API, once there are runs to see."""
    return ui.api


def test_a_day_is_refreshed_and_a_range_backfilled_in_one_run(api: Api, launched: Launched) -> None:
    assert api.run_status(launched.day) == "SUCCESS"
    (run,) = api.backfill_runs(launched.backfill)
    assert run["status"] == "SUCCESS"
    assert run["tags"]["dagster/asset_partition_range_start"] == NEXT_DAY
    assert run["tags"]["dagster/asset_partition_range_end"] == LAST_DAY


def test_every_asset_shows_exactly_the_asked_days_as_materialized(api: Api) -> None:
    assets = api.daily_assets()
    assert {"bronze/transactions", "silver/transactions", "gold/segment_summary"} <= set(assets)
    assert {asset: api.materialized(asset) for asset in assets} == {asset: [(DAY, LAST_DAY)] for asset in assets}


def test_the_broken_rule_is_red_and_everything_else_green(api: Api, launched: Launched) -> None:
    (backfill,) = api.backfill_runs(launched.backfill)
    results = {(asset, name): result for asset in api.daily_assets() for name, result in api.checks(asset).items()}
    assert {result["runId"] for result in results.values()} == {backfill["id"]}
    by_day = {
        (asset, name): {one["partition"]: one["status"] for one in api.check_history(asset, name)}
        for asset, name in results
    }
    red = {(*check, day) for check, days in by_day.items() for day, status in days.items() if status != "SUCCEEDED"}
    assert red == {("silver/transactions", "valid_quantity", DIRTY_DAY)}
    assert len(by_day["silver/transactions", "nothing_is_lost"]) > 1


def test_a_red_check_warns_with_counts_and_the_rows_themselves(api: Api, launched: Launched) -> None:
    history = api.check_history("silver/transactions", "valid_quantity")
    (dirty,) = [one for one in history if one["status"] == "FAILED"]
    (clean,) = [one for one in history if one["runId"] == launched.day]
    assert (dirty["partition"], dirty["status"], dirty["evaluation"]["severity"]) == (DIRTY_DAY, "FAILED", "WARN")
    assert dirty["metadata"]["failed"] == "2"
    sample = dirty["metadata"]["sample"]
    assert sample is not None
    assert "C489449" in sample
    assert "489450" in sample
    assert (clean["runId"], clean["status"]) == (launched.day, "SUCCEEDED")
    assert clean["metadata"] == {"failed": "0", "passed": "2"}


def test_each_day_of_a_range_shows_its_own_row_count(api: Api) -> None:
    lines = {day: api.day_metadata("bronze/transactions", day) for day in [DAY, NEXT_DAY, DIRTY_DAY]}
    assert {day: said["dagster/partition_row_count"] for day, said in lines.items()} == {
        DAY: "2",
        NEXT_DAY: "2",
        DIRTY_DAY: "4",
    }


def test_the_columns_tab_explains_every_column(api: Api) -> None:
    columns = api.columns("gold/customer_rfm")
    assert [column["name"] for column in columns] == [
        "as_of_date",
        "CustomerID",
        "MaxInvoiceDate",
        "Recency",
        "Frequency",
        "Monetary",
    ]
    assert all(column["description"] and not column["constraints"]["nullable"] for column in columns)
    assert columns[-1]["type"] == "decimal(31,2)"
