"""The schedules launch only what is still due: the daily refresh, and the check for missing files."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.remote_origin import GrpcServerCodeLocationOrigin, RemoteRepositoryOrigin

from rfm_assets.automation import schedule
from rfm_assets.automation.jobs import watch_landing
from rfm_assets.partitions import range_tags
from rfm_assets_tests.helpers.scenario import DAY, NEXT_DAY, THIRD_DAY, land, resources, run_days, sale, warehouse
from rfm_assets_tests.helpers.visits import rewriting

pytestmark = pytest.mark.slow

TODAY = date.fromisoformat(NEXT_DAY)
HALF_PAST_NINE = datetime(2025, 6, 27, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Morning:
    """A shop at the hour of its refresh, on NEXT_DAY."""

    shop: Path
    instance: dg.DagsterInstance

    def refresh(self) -> dg.RunRequest | str:
        """The schedule's run request, or its skip reason."""
        plugged = {name: found for name, found in resources(self.shop).items() if name in {"landing", "warehouse"}}
        with dg.build_schedule_context(self.instance, HALF_PAST_NINE, plugged) as context:
            told = schedule.daily_refresh.evaluate_tick(context)
        for request in told.run_requests or []:
            return request
        return str(told.skip_message)

    def run_is(self, status: dg.DagsterRunStatus, first: str, last: str, *, job: str = "daily_refresh") -> None:
        tags = range_tags(date.fromisoformat(first), date.fromisoformat(last))
        location = GrpcServerCodeLocationOrigin(host="localhost", port=1, location_name="rfm_assets")
        origin = RemoteRepositoryOrigin(location, "__repository__").get_job_origin(job)  # a queued run must have one
        self.instance.add_run(dg.DagsterRun(job, tags=tags, status=status, remote_job_origin=origin))


@pytest.fixture
def morning(tmp_path: Path) -> Iterator[Morning]:
    for folder in ("landing", "dagster"):
        (tmp_path / folder).mkdir()
    with dg.DagsterInstance.local_temp(str(tmp_path / "dagster")) as instance:  # a schedule takes no ephemeral one
        yield Morning(tmp_path, instance)


def test_they_run_each_day_half_an_hour_after_the_upload_and_an_hour_later() -> None:
    daily = (schedule.daily_refresh, schedule.watch)
    assert [one.cron_schedule for one in daily] == ["30 9 * * *", "30 10 * * *"]
    assert {one.execution_timezone for one in schedule.SCHEDULES} == {"UTC"}
    assert {one.default_status for one in daily} == {dg.DefaultScheduleStatus.RUNNING}
    assert [one.job_name for one in daily] == ["daily_refresh", watch_landing.name]


def test_a_day_without_a_file_is_skipped(morning: Morning) -> None:
    land(morning.shop, DAY, sale())
    assert morning.refresh() == f"No file of {NEXT_DAY} is in {morning.shop / 'landing'}."


def test_a_file_that_is_there_is_requested_though_nothing_was_ever_loaded(morning: Morning) -> None:
    land(morning.shop, NEXT_DAY, sale())
    request = morning.refresh()
    assert isinstance(request, dg.RunRequest)
    assert request.tags.items() >= range_tags(TODAY, TODAY).items()


def test_each_version_of_the_file_has_its_run_key(morning: Morning) -> None:
    keys = []
    for quantity in ("1", "1", "2"):
        land(morning.shop, NEXT_DAY, sale(quantity=quantity))
        request = morning.refresh()
        assert isinstance(request, dg.RunRequest)
        keys.append(request.run_key)
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.filterwarnings("ignore:InitResourceContext.dagster_run:DeprecationWarning")
def test_a_loaded_day_is_skipped_until_it_has_another_file_or_version(morning: Morning) -> None:
    land(morning.shop, NEXT_DAY, sale())
    run_days(morning.shop, NEXT_DAY, select=["bronze"])
    assert morning.refresh() == f"{NEXT_DAY} is loaded already."
    evening = land(morning.shop, NEXT_DAY, sale(), name="_evening.csv")
    assert isinstance(morning.refresh(), dg.RunRequest)
    evening.unlink()
    land(morning.shop, NEXT_DAY, sale(quantity="1"))
    assert isinstance(morning.refresh(), dg.RunRequest)


@pytest.mark.filterwarnings("ignore:InitResourceContext.dagster_run:DeprecationWarning")
def test_a_loaded_day_whose_run_failed_is_refreshed_again(morning: Morning) -> None:
    land(morning.shop, NEXT_DAY, sale())
    run_days(morning.shop, NEXT_DAY, select=["bronze"])
    morning.run_is(dg.DagsterRunStatus.SUCCESS, DAY, NEXT_DAY)
    assert morning.refresh() == f"{NEXT_DAY} is loaded already."
    morning.run_is(dg.DagsterRunStatus.FAILURE, NEXT_DAY, THIRD_DAY)
    assert isinstance(morning.refresh(), dg.RunRequest)


@pytest.mark.parametrize("status", ["QUEUED", "NOT_STARTED", "STARTING", "STARTED"])
def test_a_run_under_way_for_the_day_is_not_doubled(morning: Morning, status: str) -> None:
    land(morning.shop, NEXT_DAY, sale())
    morning.run_is(dg.DagsterRunStatus(status), DAY, THIRD_DAY)
    assert morning.refresh() == f"A run for {NEXT_DAY} is queued or in progress."


def test_runs_that_ended_or_are_of_other_days_or_jobs_hinder_nothing(morning: Morning) -> None:
    land(morning.shop, NEXT_DAY, sale())
    morning.run_is(dg.DagsterRunStatus.FAILURE, NEXT_DAY, NEXT_DAY)
    morning.run_is(dg.DagsterRunStatus.STARTED, DAY, DAY)
    morning.run_is(dg.DagsterRunStatus.STARTED, NEXT_DAY, NEXT_DAY, job="rebuild_segments")
    assert isinstance(morning.refresh(), dg.RunRequest)


def test_a_warehouse_that_is_being_written_is_left_to_the_sensor(
    morning: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "_SHORT_PATIENCE", 0.1)
    land(morning.shop, NEXT_DAY, sale())
    with rewriting(warehouse(morning.shop), TODAY) as writer:
        writer.until("deleted")
        assert "since a run is writing now: the warehouse" in str(morning.refresh())
