"""The sensor requests each arrival once, in a form that a run accepts, and forgets nothing."""

import logging
import os
import shutil
import warnings
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.sensor_definition import SensorExecutionData

from rfm_assets.automation.landing_sensor import landed_files
from rfm_assets.automation.seen import Seen
from rfm_assets.definitions import build_definitions
from rfm_assets.errors import LandingError
from rfm_assets.landing.folder import FolderLandingZone
from rfm_assets.landing.zone import LandedFile, LandingZone, StoredFile
from rfm_assets.partitions import days_of_tags, range_tags
from rfm_assets.settings import settings as app_settings
from rfm_assets.warehouse.duckdb.engine import DuckDBEngine
from rfm_assets_tests.helpers.s3 import BucketPlace, moto_server
from rfm_assets_tests.helpers.scenario import (
    DAY,
    HEADER,
    NEXT_DAY,
    THIRD_DAY,
    land,
    land_bytes,
    resources,
    rows,
    run_days,
    sale,
    warehouse,
)
from rfm_assets_tests.landing.conftest import use_aws_settings

pytestmark = pytest.mark.slow


class Daemon:
    """What Dagster's daemon does for a sensor: ticks with the last cursor, which only a successful tick advances."""

    def __init__(
        self, instance: dg.DagsterInstance, zone: LandingZone, warehouse: DuckDBEngine, log: logging.Handler
    ) -> None:
        self.instance, self.zone, self.warehouse, self.log = instance, zone, warehouse, log
        self.cursor: str | None = None
        self.queued: list[dg.DagsterRun] = []

    def tick(self) -> SensorExecutionData:
        plugged = {"landing": self.zone, "warehouse": self.warehouse}
        with dg.build_sensor_context(self.instance, cursor=self.cursor, resources=plugged) as context:
            context.log.addHandler(self.log)
            told = landed_files.evaluate_tick(context)
        self.cursor = told.cursor
        for request in told.run_requests or []:
            queued = dg.DagsterRun("daily_refresh", tags=dict(request.tags), status=dg.DagsterRunStatus.STARTED)
            self.queued.append(self.instance.add_run(queued))
        return told

    def forget_queued(self) -> None:
        """Removes queued runs, so that a test can record how they ended."""
        for run in self.queued:
            self.instance.delete_run(run.run_id)
        self.queued.clear()

    def days(self) -> tuple[str, str] | None:
        """The first and last day that a tick requests a run for."""
        requests = self.tick().run_requests or []
        for request in requests:
            days = days_of_tags(request.tags)
            assert days is not None
            return str(days[0]), str(days[1])
        return None


@pytest.fixture
def daemon(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Daemon]:
    """A daemon that watches the shop's landing folder, empty to begin with."""
    (tmp_path / "landing").mkdir()
    with dg.DagsterInstance.ephemeral() as instance:
        zone = FolderLandingZone(folder=str(tmp_path / "landing"))
        yield Daemon(instance, zone, warehouse(tmp_path), caplog.handler)


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[BucketPlace]:
    """An empty bucket, with the AWS settings that point to it."""
    import boto3

    with moto_server() as endpoint:
        use_aws_settings(endpoint, monkeypatch)
        client = boto3.session.Session().client("s3")
        client.create_bucket(Bucket="arrivals", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        yield BucketPlace(client, "arrivals", prefix="daily_sales")


def test_it_watches_from_the_start_and_launches_the_daily_refresh() -> None:
    assert landed_files.default_status is dg.DefaultSensorStatus.RUNNING
    assert landed_files.job_name == "daily_refresh"


def test_nothing_landed_asks_for_nothing(daemon: Daemon) -> None:
    for _ in range(2):
        told = daemon.tick()
        assert (told.run_requests, told.skip_message) == ([], "Nothing new has landed.")


def test_a_new_day_asks_for_one_run_of_that_day_and_only_once(daemon: Daemon, tmp_path: Path) -> None:
    land(tmp_path, DAY, sale())
    (request,) = daemon.tick().run_requests or []
    assert request.tags.items() >= range_tags(date.fromisoformat(DAY), date.fromisoformat(DAY)).items()
    assert str(request.run_key).startswith(f"{DAY}..{DAY}@")
    assert daemon.days() is None


def test_days_that_land_together_are_one_range(daemon: Daemon, tmp_path: Path) -> None:
    for day in (DAY, NEXT_DAY, THIRD_DAY):
        land(tmp_path, day, sale())
    assert daemon.days() == (DAY, THIRD_DAY)


def test_a_corrected_file_asks_for_its_day_to_the_latest_though_size_and_time_are_the_same(
    daemon: Daemon, tmp_path: Path
) -> None:
    path = land(tmp_path, DAY, sale(quantity="1"))
    land(tmp_path, THIRD_DAY, sale())
    daemon.tick()
    before = path.stat()
    land(tmp_path, DAY, sale(quantity="2"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert daemon.days() == (DAY, THIRD_DAY)


def test_the_same_bytes_delivered_again_ask_for_nothing(daemon: Daemon, tmp_path: Path) -> None:
    land(tmp_path, DAY, sale())
    daemon.tick()
    land(tmp_path, DAY, sale())
    assert daemon.days() is None


def test_two_versions_of_a_day_have_two_run_keys(daemon: Daemon, tmp_path: Path) -> None:
    keys = set()
    for quantity in ("1", "2", "1"):
        land(tmp_path, DAY, sale(quantity=quantity))
        keys |= {request.run_key for request in daemon.tick().run_requests or []}
    assert len(keys) == 3


def test_a_tick_that_was_lost_asks_for_the_same_run_again(daemon: Daemon, tmp_path: Path) -> None:
    land(tmp_path, DAY, sale())
    (lost,) = daemon.tick().run_requests or []
    daemon.cursor = None
    (again,) = daemon.tick().run_requests or []
    assert again.run_key == lost.run_key, "by which Dagster knows that it has launched it"


@pytest.mark.filterwarnings("ignore:InitResourceContext.dagster_run:DeprecationWarning")
def test_what_was_loaded_by_hand_is_not_asked_for_at_the_first_look(daemon: Daemon, tmp_path: Path) -> None:
    land(tmp_path, DAY, sale())
    land(tmp_path, NEXT_DAY, sale(invoice_date=NEXT_DAY))
    run_days(tmp_path, DAY, NEXT_DAY, select=["bronze"])
    daemon.warehouse = warehouse(tmp_path)
    assert daemon.days() is None
    daemon.cursor = None
    land(tmp_path, NEXT_DAY, sale(quantity="7", invoice_date=NEXT_DAY))
    assert daemon.days() == (NEXT_DAY, NEXT_DAY)


def test_after_a_reset_a_run_that_failed_is_asked_for_under_another_key(daemon: Daemon, tmp_path: Path) -> None:
    land(tmp_path, DAY, sale())
    (first,) = daemon.tick().run_requests or []
    tags = {**first.tags, "dagster/run_key": str(first.run_key)}
    daemon.instance.add_run(dg.DagsterRun("daily_refresh", tags=tags, status=dg.DagsterRunStatus.FAILURE))
    daemon.cursor = None
    (second,) = daemon.tick().run_requests or []
    assert second.run_key == f"{first.run_key}!1"
    assert second.tags == first.tags


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("sales.csv", "sales.csv is not named by a day (YYYY-MM-DD….csv or .csv.gz) and is left alone"),
        (
            "2001-01-01.csv",
            "2001-01-01.csv is older than the calendar, which starts on 2025-06-26: set RFM_START_DATE to load it",
        ),
        ("2999-01-01.csv", "2999-01-01.csv is of a day to come; it is loaded on that day"),
    ],
)
def test_a_file_that_is_left_alone_is_told_once(daemon: Daemon, tmp_path: Path, name: str, why: str) -> None:
    land(tmp_path, "", sale(), name=name)
    assert daemon.tick().skip_message == why
    assert daemon.tick().skip_message == "Nothing new has landed."


def test_what_is_left_alone_is_told_beside_a_run_too(
    daemon: Daemon, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    land(tmp_path, DAY, sale())
    land(tmp_path, "", sale(), name="sales.csv")
    assert daemon.days() == (DAY, DAY)
    assert "sales.csv is not named by a day" in caplog.text


def test_a_deleted_file_asks_for_nothing_and_is_told_once(daemon: Daemon, tmp_path: Path) -> None:
    land(tmp_path, DAY, sale())
    daemon.tick()
    shutil.rmtree(tmp_path / "landing")
    (tmp_path / "landing").mkdir()
    told = daemon.tick()
    assert told.run_requests == []
    assert f"a file of {DAY} is gone from the landing zone" in str(told.skip_message)
    assert daemon.tick().skip_message == "Nothing new has landed."


def test_a_listing_that_fails_fails_the_tick_and_forgets_nothing(daemon: Daemon, tmp_path: Path) -> None:
    land(tmp_path, DAY, sale())
    daemon.tick()
    (tmp_path / "landing").rename(tmp_path / "elsewhere")
    with pytest.raises(LandingError, match="does not exist"):
        daemon.tick()
    (tmp_path / "elsewhere").rename(tmp_path / "landing")
    assert daemon.days() is None
    land(tmp_path, NEXT_DAY, sale())
    assert daemon.days() == (NEXT_DAY, NEXT_DAY)


def test_a_bucket_is_watched_alike_and_a_put_in_the_same_second_is_seen(daemon: Daemon, bucket: BucketPlace) -> None:
    daemon.zone = bucket.zone
    bucket.put(f"{DAY}/{DAY}_transactions.csv", b"first")
    bucket.put(f"{NEXT_DAY}/{NEXT_DAY}_transactions.csv", b"other")
    assert daemon.days() == (DAY, NEXT_DAY)
    bucket.put(f"{DAY}/{DAY}_transactions.csv", b"again")
    assert daemon.days() == (DAY, NEXT_DAY)
    bucket.put(f"{DAY}/{DAY}_transactions.csv", b"again")
    assert daemon.days() is None
    bucket.client.delete_object(Bucket=bucket.name, Key=f"{bucket.prefix}/{DAY}/{DAY}_transactions.csv")
    assert "is gone from the landing zone" in str(daemon.tick().skip_message)


class VastZone(FolderLandingZone):
    """A folder that lists thousands of files without writing them, which would take a while."""

    def walk(self) -> Iterator[StoredFile]:
        for number in range(4_000):
            day = date(2025, 6, 26) + timedelta(days=number // 8)
            yield StoredFile(f"{day}/{day}_{number % 8}.csv", 100_000, lambda n=number: f"{n:032x}")  # type: ignore[misc]


def test_thousands_of_files_fit_a_small_cursor(daemon: Daemon) -> None:
    daemon.zone = VastZone(folder="vast")
    assert daemon.days() == (DAY, "2026-11-07")
    assert len(str(daemon.cursor)) < 40_000
    assert sum(len(marks) for marks in Seen.decode(str(daemon.cursor).partition(":")[2]).days.values()) == 4_000
    assert daemon.days() is None


@pytest.mark.filterwarnings("ignore:InitResourceContext.dagster_run:DeprecationWarning")  # Dagster's own call
def test_a_request_is_what_the_daily_refresh_takes(tmp_path: Path) -> None:
    for day in (DAY, NEXT_DAY):
        land(tmp_path, day, sale(invoice_date=day))
    repository = build_definitions(resources(tmp_path)).get_repository_def()
    sensor, job = repository.get_sensor_def("landed_files"), repository.get_job("daily_refresh")
    with dg.DagsterInstance.ephemeral() as instance:
        with dg.build_sensor_context(instance, repository_def=repository, resources=resources(tmp_path)) as context:
            (request,) = sensor.evaluate_tick(context).run_requests or []
        bronze = [key for key in job.asset_layer.executable_asset_keys if key.path[0] == "bronze"]
        assert job.execute_in_process(instance=instance, tags=request.tags, asset_selection=bronze).success
    loaded = rows(tmp_path, "SELECT CAST(processing_date AS VARCHAR), rows FROM bronze.landed_files ORDER BY 1")
    assert loaded == [(DAY, 1), (NEXT_DAY, 1)]


def ended(daemon: Daemon, status: str, day: str, **tags: str) -> dg.DagsterRun:
    """A finished run of the daily refresh for a day, in place of the requested ones."""
    daemon.forget_queued()
    given = {"dagster/partition": day, **{f"dagster/{name}": value for name, value in tags.items()}}
    return daemon.instance.add_run(dg.DagsterRun("daily_refresh", tags=given, status=dg.DagsterRunStatus(status)))


@pytest.mark.filterwarnings("ignore:InitResourceContext.dagster_run:DeprecationWarning")
def test_a_day_that_failed_for_the_one_before_is_asked_for_when_that_one_was_tried_again(
    daemon: Daemon, tmp_path: Path
) -> None:
    for day in (DAY, NEXT_DAY):
        land(tmp_path, day, sale(invoice_date=day))
        assert daemon.days() == (day, day)
    run_days(tmp_path, DAY, DAY, select=["bronze"])
    daemon.warehouse = warehouse(tmp_path)
    ended(daemon, "FAILURE", DAY, will_retry="true", auto_retry_run_id="the one below")
    ended(daemon, "FAILURE", NEXT_DAY, will_retry="false")
    retry = ended(daemon, "STARTED", DAY)
    assert daemon.days() is None, "what the retry brings is not known yet"
    daemon.instance.report_run_failed(retry)
    ended(daemon, "SUCCESS", DAY)
    assert daemon.days() == (NEXT_DAY, NEXT_DAY)


def refresh(daemon: Daemon, shop: Path, *days: str, groups: Sequence[str] = ("bronze",)) -> bool:
    """Runs the days of a request as the daily refresh does, recorded where the daemon looks."""
    daemon.forget_queued()
    daemon.warehouse = warehouse(shop)
    job = build_definitions(resources(shop) | {"landing": daemon.zone}).resolve_job_def("daily_refresh")
    chosen = [key for key in job.asset_layer.executable_asset_keys if key.path[0] in groups]
    tags = range_tags(*map(date.fromisoformat, (days[0], days[-1])))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "InitResourceContext.dagster_run", DeprecationWarning)  # Dagster's own call
        return job.execute_in_process(
            instance=daemon.instance, tags=tags, asset_selection=chosen, raise_on_error=False
        ).success


@pytest.mark.parametrize("recorded", [True, False], ids=["by Dagster", "in the ledger alone"])
def test_a_day_whose_file_was_refused_is_not_asked_for_again(daemon: Daemon, tmp_path: Path, *, recorded: bool) -> None:
    land(tmp_path, DAY)
    assert daemon.days() == (DAY, DAY)
    assert not refresh(daemon, tmp_path, DAY)
    if not recorded:
        for run in daemon.instance.get_runs():
            daemon.instance.delete_run(run.run_id)
    assert daemon.days() is None


def test_a_file_that_another_encoding_reads_is_asked_for_when_that_is_set(
    daemon: Daemon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"{HEADER}\n{sale(description='CAFÉ')}\n"
    land_bytes(tmp_path, f"{DAY}.csv", text.encode("cp1252"))
    assert daemon.days() == (DAY, DAY)
    assert not refresh(daemon, tmp_path, DAY)
    assert daemon.days() is None
    monkeypatch.setenv("RFM_ENCODING", "windows-1252")
    app_settings.cache_clear()
    try:
        assert daemon.days() == (DAY, DAY)
        assert refresh(daemon, tmp_path, DAY)
        assert daemon.days() is None
    finally:
        monkeypatch.undo()
        app_settings.cache_clear()


class HiccupZone(FolderLandingZone):
    """A zone whose server fails every request for one day's files until it is repaired."""

    broken_day: str

    def fetch(self, file: LandedFile, scratch: Path) -> Path:
        if str(file.day) == self.broken_day:
            raise LandingError(f"{file.key} did not arrive whole in 3 attempts")
        return super().fetch(file, scratch)


@pytest.mark.parametrize("days", [(DAY,), (DAY, NEXT_DAY)], ids=["alone", "in a range whose other day is loaded"])
def test_a_day_whose_file_did_not_arrive_is_asked_for_again(
    daemon: Daemon, tmp_path: Path, days: tuple[str, ...]
) -> None:
    for day in days:
        land(tmp_path, day, sale(invoice_date=day))
    good, daemon.zone = daemon.zone, HiccupZone(folder=str(tmp_path / "landing"), broken_day=DAY)
    assert daemon.days() == (DAY, days[-1])
    assert refresh(daemon, tmp_path, DAY, days[-1]) == (len(days) > 1)
    daemon.zone = good
    assert daemon.days() == (DAY, days[-1])
    assert refresh(daemon, tmp_path, DAY, days[-1])
    assert daemon.days() is None
    held = rows(tmp_path, "SELECT CAST(processing_date AS VARCHAR) FROM bronze.landed_files ORDER BY 1")
    assert held == [(day,) for day in days]


TABLES = ("bronze", "silver", "quality", "gold")


def unusable(shop: Path, day: str) -> None:
    land(shop, day, *(sale(quantity="x", invoice_date=day) for _ in range(30)))


def test_an_unusable_newest_day_is_run_once_and_the_days_it_held_up_come_with_the_corrected_file(
    daemon: Daemon, tmp_path: Path
) -> None:
    land(tmp_path, DAY, sale(invoice_date=DAY))
    unusable(tmp_path, NEXT_DAY)
    assert daemon.days() == (DAY, NEXT_DAY)
    assert not refresh(daemon, tmp_path, DAY, NEXT_DAY, groups=TABLES)
    assert daemon.days() is None
    land(tmp_path, NEXT_DAY, sale(invoice_date=NEXT_DAY))
    assert daemon.days() == (DAY, NEXT_DAY)
    assert refresh(daemon, tmp_path, DAY, NEXT_DAY, groups=TABLES)
    assert daemon.days() is None


def test_a_day_that_only_an_unusable_one_before_it_held_up_is_asked_for_without_that(
    daemon: Daemon, tmp_path: Path
) -> None:
    unusable(tmp_path, DAY)
    land(tmp_path, NEXT_DAY, sale(invoice_date=NEXT_DAY))
    assert daemon.days() == (DAY, NEXT_DAY)
    assert not refresh(daemon, tmp_path, DAY, NEXT_DAY, groups=TABLES)
    assert daemon.days() == (NEXT_DAY, NEXT_DAY)
    assert refresh(daemon, tmp_path, NEXT_DAY, groups=TABLES)
    assert daemon.days() is None


@pytest.mark.parametrize(("status", "asked"), [("FAILURE", (DAY, DAY)), ("CANCELED", None), ("SUCCESS", (DAY, DAY))])
def test_a_run_that_failed_or_left_out_a_file_is_asked_for_again_but_not_one_that_was_canceled(
    daemon: Daemon, tmp_path: Path, status: str, asked: tuple[str, str] | None
) -> None:
    land(tmp_path, DAY, sale())
    daemon.tick()
    ended(daemon, status, DAY)
    assert daemon.days() == asked


@pytest.mark.filterwarnings("ignore:InitResourceContext.dagster_run:DeprecationWarning")
def test_everything_that_landed_is_asked_for_in_one_run_when_the_warehouse_is_lost(
    daemon: Daemon, tmp_path: Path
) -> None:
    for day in (DAY, NEXT_DAY):
        land(tmp_path, day, sale(invoice_date=day))
    run_days(tmp_path, DAY, NEXT_DAY, select=["bronze"])
    daemon.warehouse = warehouse(tmp_path)
    assert daemon.days() is None
    (tmp_path / "warehouse.duckdb").unlink()
    land(tmp_path, THIRD_DAY, sale(invoice_date=THIRD_DAY))
    assert daemon.days() == (DAY, THIRD_DAY)
    assert daemon.days() is None
