"""What `rfm refresh` prints at a terminal, and how it exits."""

import shutil
import signal
import subprocess
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from rfm_assets.commands.refresh_days import days_to_refresh
from rfm_assets.landing.folder import FolderLandingZone
from rfm_assets_tests.helpers import commands
from rfm_assets_tests.helpers.commands import RFM, outside_settings
from rfm_assets_tests.helpers.runs import EVERYTHING, make
from rfm_assets_tests.helpers.scenario import DAY, NEXT_DAY, THIRD_DAY, land, land_bytes, rows, sale, warehouse

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parents[2]
KEY = "a key that nobody may ever see"
SETTINGS = {"RFM_LANDING": "landing", "RFM_WAREHOUSE": "warehouse.duckdb", "RFM_AUDIENCE_KEY": KEY}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A shop with a Dagster instance of its own and files of three days, with one dirty line."""
    shutil.copy(PROJECT / "dagster.yaml", tmp_path)
    land(tmp_path, DAY, sale(), sale(invoice="489435", quantity="-1"))
    land(tmp_path, NEXT_DAY, sale(invoice="489436", customer_id="13086.0", invoice_date=NEXT_DAY))
    land(tmp_path, THIRD_DAY, sale(invoice="489437", invoice_date=THIRD_DAY))
    return tmp_path


def rfm(shop: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return commands.rfm(shop, *arguments, **SETTINGS)


def runs_of(shop: Path) -> Sequence[dg.DagsterRun]:
    """The runs in the shop's instance, newest first."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(shop)
        with dg.DagsterInstance.from_config(str(shop)) as instance:
            return instance.get_runs()


def test_a_refresh_tells_its_steps_the_dirt_and_the_segments_and_one_refused_file_fails_it(shop: Path) -> None:
    done = rfm(shop, "refresh")
    assert done.returncode == 0, done.stderr
    assert "gold.segment_summary" in done.stdout
    assert f'WARN  silver.transactions valid_quantity: on {DAY}, 1 break it; most often "-1": below zero' in done.stdout
    assert f"3 days, {DAY} to {THIRD_DAY}" in done.stdout
    assert f"Segments as of {THIRD_DAY}" in done.stdout
    assert str(shop / "warehouse.duckdb") in done.stdout
    assert str(shop / "data" / "published") in done.stdout
    (lists,) = (shop / "data" / "published" / "audiences" / THIRD_DAY).glob("manifest.json")
    assert '"customer_ids": "HMAC-SHA256"' in lists.read_text()
    assert "RFM_AUDIENCE_KEY" not in done.stdout  # neither the key nor asterisks, to be pasted into a terminal
    assert not [path for path in shop.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert KEY not in done.stdout + done.stderr

    land_bytes(shop, f"{NEXT_DAY}_transactions.csv", b"Invoice;StockCode\n")
    again = rfm(shop, "refresh", "--from", NEXT_DAY)
    assert again.returncode == 1
    assert f"landing/{NEXT_DAY}_transactions.csv lacks the column" in again.stdout
    assert "red checks: bronze.landed_files holds_what_has_landed" in again.stderr
    assert rows(shop, f"SELECT count(*) FROM bronze.transactions WHERE processing_date = '{NEXT_DAY}'") == [(1,)]
    assert rows(shop, f"SELECT count(*) FROM bronze.transactions WHERE processing_date = '{THIRD_DAY}'") == [(1,)]


def started(shop: Path) -> subprocess.Popen[str]:
    """A refresh that has loaded its files and still has most steps to go."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # tests under `nohup` would hand it on
    try:
        running = subprocess.Popen(
            [RFM, "refresh"],
            cwd=shop,
            env=outside_settings() | SETTINGS,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    finally:
        signal.signal(signal.SIGHUP, before)
    assert running.stdout is not None
    assert any("landed" in line for line in running.stdout)
    return running


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_refresh_that_is_ended_says_why_and_its_run_has_failed(shop: Path, number: signal.Signals) -> None:
    running = started(shop)
    running.send_signal(number)
    _, said = running.communicate()
    assert running.returncode == 1
    assert "failed: it was interrupted by a signal" in said
    assert [run.status for run in runs_of(shop)] == [dg.DagsterRunStatus.FAILURE]


def test_the_run_of_a_killed_refresh_is_failed_by_the_next_one(shop: Path) -> None:
    running = started(shop)
    running.kill()
    running.communicate()
    assert [run.status for run in runs_of(shop)] == [dg.DagsterRunStatus.STARTED]
    done = rfm(shop, "refresh")
    assert done.returncode == 0, done.stderr
    last, killed = runs_of(shop)
    assert f"run {killed.run_id}: its process is gone" in done.stderr
    assert (last.status, killed.status) == (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE)
    assert last.tags["days"] == f"{DAY}..{THIRD_DAY}"
    assert last.tags["dagster/max_runtime"] == "1980"
    assert not killed.is_complete_and_waiting_to_retry


def test_a_run_that_fails_repeats_why_at_its_end(shop: Path) -> None:
    (shop / "warehouse.duckdb").write_bytes(b"not a database" * 1_000)
    failed = rfm(shop, "refresh", "--from", DAY, "--to", DAY)
    last_lines = failed.stderr.partition("Error: ")[2]
    assert "failed: landed: cannot open the warehouse" in last_lines
    assert "mv warehouse.duckdb warehouse.duckdb.broken" in last_lines


@pytest.mark.parametrize("blocked", ["runs", "history"])
def test_records_that_cannot_be_written_are_one_sentence(shop: Path, blocked: str) -> None:
    (shop / ".dagster").mkdir()
    if blocked == "history":
        (shop / ".dagster" / "history").write_text("no folder")
    else:
        (shop / ".dagster" / "history" / "runs.db").mkdir(parents=True)
    failed = rfm(shop, "refresh", "--from", DAY, "--to", DAY)
    assert failed.returncode == 1
    assert len(failed.stderr.splitlines()) == 1, failed.stderr
    assert f"Dagster cannot write its records in {shop}" in failed.stderr


def test_a_refresh_of_nothing_that_can_be_used_fails_and_publishes_nothing_new(shop: Path) -> None:
    assert rfm(shop, "refresh").returncode == 0
    newest = "2025-06-29"
    land(shop, newest, f"{sale(invoice_date=newest)},a ninth field")
    failed = rfm(shop, "refresh", "--from", newest)
    assert failed.returncode == 1
    assert f"ERROR  silver.customer_invoices newest_day_is_usable: 1 break it: {newest}_transactions.csv" in (
        failed.stdout
    )
    last_lines = failed.stderr.partition("Error: ")[2]
    assert f"failed: silver.customer_invoices newest_day_is_usable: 1 break it: {newest}_transactions.csv" in last_lines
    assert "9 fields, not as many as the header has; name every column in the header" in last_lines
    assert "DagsterAssetCheckFailedError" not in last_lines
    assert not (shop / "data" / "published" / "audiences" / newest).exists()


def test_a_refresh_goes_on_to_the_newest_stored_day_and_names_files_of_no_day(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("2025-02-30_sales.csv", "2025-01-01_sales.csv"):
        land_bytes(shop, name, b"")
    zone, after_the_last = FolderLandingZone(folder=str(shop / "landing")), "2025-06-30"
    assert [str(day) for day in days_to_refresh(zone, warehouse(shop))] == [DAY, THIRD_DAY]
    make(shop, EVERYTHING, DAY, after_the_last)
    corrected = days_to_refresh(zone, warehouse(shop), date.fromisoformat(NEXT_DAY))
    assert [str(day) for day in corrected] == [NEXT_DAY, after_the_last]
    told = capsys.readouterr().err
    assert "2025-02-30_sales.csv is not named by a day" in told
    assert "2025-01-01_sales.csv is older than the calendar" in told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "2020-01-01"], "2020-01-01 is outside the calendar (2025-06-26 to "),
        (["--from", THIRD_DAY, "--to", DAY], f"the first day {THIRD_DAY} is after the last day {DAY}"),
    ],
)
def test_days_that_cannot_be_are_refused_before_anything_runs(shop: Path, arguments: list[str], said: str) -> None:
    refused = rfm(shop, "refresh", *arguments)
    assert refused.returncode == 1
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (shop / "warehouse.duckdb").exists()


def test_an_empty_landing_folder_says_what_to_do(shop: Path) -> None:
    shutil.rmtree(shop / "landing")
    (shop / "landing").mkdir()
    refused = rfm(shop, "refresh")
    assert refused.returncode == 1
    assert "no file in landing belongs to a day of the calendar (2025-06-26 to " in refused.stderr
    assert "land one named YYYY-MM-DD….csv or .csv.gz" in refused.stderr


def test_a_folder_without_a_dagster_instance_is_refused(shop: Path) -> None:
    (shop / "dagster.yaml").unlink()
    refused = rfm(shop, "refresh")
    assert refused.returncode == 1
    assert "there is no dagster.yaml in" in refused.stderr


def test_a_refresh_that_leaves_nobody_in_a_segment_says_why_and_fails(tmp_path: Path) -> None:
    shutil.copy(PROJECT / "dagster.yaml", tmp_path)
    land(tmp_path, DAY, sale(invoice="C489434", quantity="-12"))
    failed = rfm(tmp_path, "refresh")
    assert failed.returncode == 1
    assert f"there are no segments: no customer has a sale that counts by {DAY}. Of 1 lines" in failed.stderr
    assert "most often valid_quantity (1)" in failed.stderr


def test_a_folder_without_a_dagster_yaml_is_told_how_to_get_one(tmp_path: Path) -> None:
    land(tmp_path, DAY, sale())
    failed = rfm(tmp_path, "refresh")
    assert failed.returncode == 1
    assert "write one here with `rfm init .`" in failed.stderr
    assert rfm(tmp_path, "init", ".").returncode == 0
    assert (tmp_path / "dagster.yaml").read_bytes() == (PROJECT / "dagster.yaml").read_bytes()
