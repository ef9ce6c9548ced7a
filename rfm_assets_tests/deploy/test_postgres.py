"""deploy/dagster.yaml and deploy/workspace.yaml work together against a real PostgreSQL server.

Code server, webserver and daemon start as in containers; a day and a range are launched through the UI's API.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import yaml

from rfm_assets_tests.deploy.postgres import Postgres, postgres
from rfm_assets_tests.helpers.scenario import DAY, NEXT_DAY, THIRD_DAY, land, sale
from rfm_assets_tests.helpers.servers import LOOPBACK, PROJECT, Deployment, deployed, free_port

pytestmark = pytest.mark.e2e

DEPLOY = PROJECT / "deploy"
LAST_DAY = "2025-06-29"
ENDED = {"SUCCESS", "FAILURE", "CANCELED"}
OWN_BLOCKS = {
    *("run_storage", "event_log_storage", "schedule_storage", "storage"),
    *("local_artifact_storage", "compute_logs"),
}


@dataclass(frozen=True)
class Installation:
    """The servers, their database, and the ids of a day's run and of a backfill's."""

    deployment: Deployment
    database: Postgres
    day: str
    backfill: str


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A shop of four days on PostgreSQL: one day refreshed, then the other three backfilled."""
    home = tmp_path_factory.mktemp("production")
    for number, day in enumerate([DAY, NEXT_DAY, THIRD_DAY, LAST_DAY]):
        land(home, day, sale(invoice=f"48943{number}"), sale(invoice=f"48944{number}", customer_id="12346"))
    port = free_port()
    with postgres() as database:
        settings = database.environment | {
            "DAGSTER_CODE_SERVER_HOST": LOOPBACK,
            "DAGSTER_CODE_SERVER_PORT": str(port),
            "DAGSTER_LOGS": str(home / "logs"),
            "DAGSTER_EVENT_BATCH_SIZE": "1000",
            "RFM_LANDING": "landing",
            "RFM_WAREHOUSE": "warehouse.duckdb",
            "RFM_START_DATE": DAY,
            "RFM_STALE_AFTER_DAYS": "36500",
        }
        with deployed(home, configured=DEPLOY, code_server=port, **settings) as deployment:
            yield launched(deployment, database)


def launched(deployment: Deployment, database: Postgres) -> Installation:
    """Launches a day and a range as a person does in the UI, and waits for both."""
    api = deployment.api
    deployment.wait_until(lambda: bool(api.assets()), "the code server has loaded the graph")
    api.stop_sensor("landed_files")  # which would request the same days by itself
    day = api.launch_day("daily_refresh", DAY)
    backfill = api.launch_backfill("daily_refresh", [NEXT_DAY, THIRD_DAY, LAST_DAY])
    deployment.start_daemon()

    def all_ended() -> bool:
        runs = api.backfill_runs(backfill)
        return bool(runs) and {api.run_status(day), *(run["status"] for run in runs)} <= ENDED

    deployment.wait_until(all_ended, "the refresh of a day and a backfill have run")
    return Installation(deployment, database, day, api.backfill_runs(backfill)[0]["id"])


@pytest.fixture(autouse=True)
def logs_of_a_failure(request: pytest.FixtureRequest) -> Iterator[None]:
    """Shows the servers' logs next to a failed test."""
    failed_before = request.session.testsfailed
    yield
    if request.session.testsfailed > failed_before and "installation" in request.fixturenames:
        sys.stderr.write(request.getfixturevalue("installation").deployment.logs())


def test_both_runs_succeed_in_the_code_server_and_their_records_are_in_postgresql(installation: Installation) -> None:
    runs = installation.database.ask("SELECT run_id, status FROM runs ORDER BY id")
    assert runs == [(installation.day, "SUCCESS"), (installation.backfill, "SUCCESS")]
    assert list(installation.deployment.home.rglob("*.db")) == []


def test_the_ui_shows_every_day_of_every_asset_and_every_check(installation: Installation) -> None:
    api = installation.deployment.api
    assets = api.daily_assets()
    assert {asset: api.materialized(asset) for asset in assets} == {asset: [(DAY, LAST_DAY)] for asset in assets}
    results = [result for asset in assets for result in api.checks(asset).values()]
    assert len(results) > 2 * len(assets)
    assert {result["status"] for result in results if result["runId"] == installation.backfill} == {"SUCCEEDED"}
    assert api.day_metadata("bronze/transactions", THIRD_DAY)["dagster/partition_row_count"] == "2"


def test_the_days_of_an_asset_are_stored_in_one_insert(installation: Installation) -> None:
    inserts = installation.database.statements("INSERT INTO event_logs")
    days_in_insert = [insert.count("'ASSET_MATERIALIZATION'") for insert in inserts if installation.backfill in insert]
    assets = len(installation.deployment.api.daily_assets())
    assert [days for days in days_in_insert if days] == [3] * assets


def test_what_a_run_printed_is_in_the_shared_folder(installation: Installation) -> None:
    logs = installation.deployment.home / "logs"
    assert {path.name for path in logs.rglob(installation.day)} == {installation.day}


def test_what_is_not_about_storage_is_as_on_a_laptop() -> None:
    ours, production = (
        yaml.safe_load(path.read_text()) for path in (PROJECT / "dagster.yaml", DEPLOY / "dagster.yaml")
    )
    assert {name: block for name, block in production.items() if name not in OWN_BLOCKS} == {
        name: block for name, block in ours.items() if name not in OWN_BLOCKS
    }


def test_no_password_is_written_down() -> None:
    storage = yaml.safe_load((DEPLOY / "dagster.yaml").read_text())["storage"]["postgres"]["postgres_db"]
    assert storage["password"] == {"env": "DAGSTER_PG_PASSWORD"}
    assert storage["scheme"] == "postgresql+psycopg2"
