"""The exports sensor requests one run per complete state of the exports and reports each problem once."""

import logging
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.sensor_definition import SensorExecutionData

from rfm_assets.automation.arrived_exports import Asked, decide
from rfm_assets.automation.exports_sensor import EXPORTS, arrived_exports
from rfm_assets.errors import ExportError
from rfm_assets.exports.arrived import Arrived, arrived_at
from rfm_assets.landing.folder import FolderLandingZone
from rfm_assets.settings import settings
from rfm_assets_tests.automation.test_landing_sensor import Daemon as LandedFilesDaemon
from rfm_assets_tests.helpers.s3 import moto_server
from rfm_assets_tests.helpers.scenario import warehouse
from rfm_assets_tests.landing.conftest import use_aws_settings


class Daemon:
    """Ticks with the last tick's cursor; a requested run is in progress until the test says how it ended."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self.instance = instance
        self.cursor: str | None = None

    def tick(self) -> SensorExecutionData:
        with dg.build_sensor_context(self.instance, cursor=self.cursor) as context:
            told = arrived_exports.evaluate_tick(context)
        self.cursor = told.cursor
        for request in told.run_requests or []:
            tags = dict(request.tags) | {"dagster/run_key": str(request.run_key)}
            self.instance.add_run(dg.DagsterRun("land_exports", tags=tags, status=dg.DagsterRunStatus.STARTED))
        return told

    def asks(self) -> str | None:
        """The key of the run that a tick requests."""
        return next((str(request.run_key) for request in self.tick().run_requests or []), None)

    def ends(self, *, well: bool) -> None:
        """Ends the newest run; a failure is not the fault of the exports."""
        run = self.instance.get_runs(limit=1)[0]
        if well:
            self.instance.report_dagster_event(
                dg.DagsterEvent(dg.DagsterEventType.PIPELINE_SUCCESS.value, "land_exports"), run.run_id
            )
        else:
            self.instance.report_run_failed(run, "the disk was full")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where exports arrive, empty to begin with."""
    place = tmp_path / "exports"
    place.mkdir()
    monkeypatch.setenv("RFM_EXPORTS", str(place))
    settings.cache_clear()
    yield place
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def daemon() -> Iterator[Daemon]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield Daemon(instance)


def test_without_rfm_exports_it_is_off_and_a_tick_says_so(daemon: Daemon) -> None:
    assert settings().exports is None
    assert arrived_exports.default_status is dg.DefaultSensorStatus.STOPPED
    assert arrived_exports.job_name == "land_exports"
    assert "RFM_EXPORTS is not set" in str(daemon.tick().skip_message)


def test_an_export_asks_for_one_run_once_two_looks_have_seen_the_same(daemon: Daemon, folder: Path) -> None:
    assert daemon.tick().skip_message == "No export has arrived."
    (folder / "orders.csv").write_text("half of")
    assert "Exports are arriving" in str(daemon.tick().skip_message)
    (folder / "orders.csv").write_text("half of it and the rest")
    assert daemon.asks() is None
    (request,) = daemon.tick().run_requests or []
    assert request.tags[EXPORTS] == str(request.run_key).partition("#")[0]
    assert daemon.tick().skip_message == "Exports are being landed."
    daemon.ends(well=True)
    assert daemon.tick().skip_message == "No export was added, changed or removed."


def test_the_same_bytes_written_again_ask_for_nothing_and_a_deleted_export_does(daemon: Daemon, folder: Path) -> None:
    for name in ("one.csv", "two.csv"):
        (folder / name).write_text(name)
    assert [daemon.asks() is None for _ in range(2)] == [True, False]
    daemon.ends(well=True)
    (folder / "two.csv").unlink()
    (folder / "two.csv").write_text("two.csv")
    assert [daemon.asks() for _ in range(2)] == [None, None]
    (folder / "two.csv").unlink()
    assert [daemon.asks() is None for _ in range(2)] == [True, False]


def test_a_run_that_failed_for_another_reason_is_asked_for_twice_more_under_other_keys(
    daemon: Daemon, folder: Path
) -> None:
    (folder / "orders.csv").write_text("orders")
    daemon.tick()
    keys = []
    for _ in range(4):
        keys.append(daemon.asks())
        if keys[-1]:
            daemon.ends(well=False)
    assert keys[3] is None
    assert len({*keys[:3]} - {None}) == 3


def test_a_listing_that_fails_fails_the_tick_and_forgets_nothing(daemon: Daemon, folder: Path) -> None:
    (folder / "orders.csv").write_text("orders")
    daemon.tick()
    before = daemon.cursor
    folder.rename(folder.with_name("away"))
    with pytest.raises(ExportError):
        daemon.tick()
    assert daemon.cursor == before


def test_after_a_reset_the_same_exports_are_landed_once_more_under_another_key(daemon: Daemon, folder: Path) -> None:
    (folder / "orders.csv").write_text("orders")
    daemon.tick()
    first = daemon.asks()
    daemon.ends(well=True)
    daemon.cursor = None
    assert daemon.asks() is None
    assert daemon.asks() == f"{first}!1"


def test_daily_files_wait_while_exports_are_being_landed(daemon: Daemon, folder: Path, tmp_path: Path) -> None:
    (folder / "orders.csv").write_text("orders")
    daemon.tick()
    assert daemon.asks()
    other = LandedFilesDaemon(
        daemon.instance, FolderLandingZone(folder=str(tmp_path)), warehouse(tmp_path), logging.NullHandler()
    )
    assert "Exports are being landed" in str(other.tick().skip_message)


def test_files_that_are_no_tables_are_named_once() -> None:
    arrived = Arrived("a", 1, ("photo.png",))
    first = decide(arrived, Asked(), has_failed=False)
    assert list(first.remarks) == ["skipped, not tables: photo.png"]
    assert decide(arrived, Asked.decode(first.asked.encode()), has_failed=False).remarks == []


def test_another_way_of_reading_is_another_state_of_the_same_exports(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("orders")
    as_before = [arrived_at(str(tmp_path), read_as="shopify").digest for _ in range(2)]
    assert arrived_at(str(tmp_path), read_as="magento-grid").digest not in as_before
    assert len(set(as_before)) == 1


def test_a_bucket_is_listed_without_reading_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import boto3

    with moto_server() as endpoint:
        use_aws_settings(endpoint, monkeypatch)
        client = boto3.session.Session().client("s3")
        client.create_bucket(Bucket="shop", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        client.put_object(Bucket="shop", Key="exports/orders.csv", Body=b"orders")
        client.put_object(Bucket="shop", Key="exports/photo.png", Body=b"photo")
        first = arrived_at("s3://shop/exports")
        client.put_object(Bucket="shop", Key="exports/orders.csv", Body=b"more orders")
        then = arrived_at("s3://shop/exports")
    assert (first.files, first.others) == (1, ("photo.png",))
    assert first.digest != then.digest
