"""A run whose process is gone is failed so that it is retried; no other run is touched."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest
import yaml

from rfm_assets.automation.lost_runs import fail_lost_runs, lost_runs
from rfm_assets.automation.process_of_run import own_run, owned_runs
from rfm_assets.automation.run_tags import max_runtime, missing_tags
from rfm_assets.owners import abandoned, own

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    retries = yaml.safe_load((PROJECT / "dagster.yaml").read_text())["run_retries"]
    with dg.DagsterInstance.local_temp(str(tmp_path), overrides={"run_retries": retries}) as instance:
        yield instance


def owned(instance: dg.DagsterInstance, *, status: dg.DagsterRunStatus = dg.DagsterRunStatus.STARTED) -> str:
    """A run that this process owns."""
    run = instance.add_run(dg.DagsterRun("daily_refresh", status=status))
    own_run(instance, run.run_id)
    return run.run_id


def lost(instance: dg.DagsterInstance, *, status: dg.DagsterRunStatus = dg.DagsterRunStatus.STARTED) -> str:
    """A run whose process is gone."""
    run = instance.add_run(dg.DagsterRun("daily_refresh", status=status))
    owned_runs(instance).mkdir(exist_ok=True)
    os.close(own(owned_runs(instance) / run.run_id))
    return run.run_id


def status_of(instance: dg.DagsterInstance, run_id: str) -> str:
    run = instance.get_run_by_id(run_id)
    assert run is not None
    return run.status.value


def test_a_run_whose_process_is_gone_fails_says_so_and_will_be_tried_again(instance: dg.DagsterInstance) -> None:
    run_id = lost(instance)
    assert fail_lost_runs(instance) == [f"run {run_id}: its process is gone: it was killed, or the machine went down"]
    assert status_of(instance, run_id) == "FAILURE"
    run = instance.get_run_by_id(run_id)
    assert run is not None
    assert run.is_complete_and_waiting_to_retry
    assert fail_lost_runs(instance) == []


def test_runs_of_living_or_unknown_processes_are_left_alone(instance: dg.DagsterInstance) -> None:
    others = [owned(instance), instance.add_run(dg.DagsterRun("any", status=dg.DagsterRunStatus.STARTED)).run_id]
    assert fail_lost_runs(instance) == []
    assert {status_of(instance, run_id) for run_id in others} == {"STARTED"}


@pytest.mark.parametrize("status", ["NOT_STARTED", "STARTING", "STARTED"])
def test_a_run_is_lost_however_far_it_had_come(instance: dg.DagsterInstance, status: str) -> None:
    run_id = lost(instance, status=dg.DagsterRunStatus[status])
    fail_lost_runs(instance)
    assert status_of(instance, run_id) == "FAILURE"


def test_a_run_that_ended_well_as_its_process_did_stays_as_it_is_and_its_file_goes(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = lost(instance)
    handled = instance.get_run_by_id(run_id)
    assert handled is not None

    @contextmanager
    def end_meanwhile(file: Path) -> Iterator[bool]:
        instance.handle_run_event(run_id, dg.DagsterEvent("PIPELINE_SUCCESS", "daily_refresh", message="done"))
        with abandoned(file) as gone:
            yield gone

    monkeypatch.setattr("rfm_assets.automation.lost_runs.abandoned", end_meanwhile)
    assert fail_lost_runs(instance) == []
    assert status_of(instance, run_id) == "SUCCESS"
    assert list(owned_runs(instance).iterdir()) == []


def test_two_that_look_at_once_report_a_run_once(instance: dg.DagsterInstance) -> None:
    run_id = lost(instance)
    with abandoned(owned_runs(instance) / run_id):  # the other one is about to report it
        assert fail_lost_runs(instance) == []
    assert len(fail_lost_runs(instance)) == 1


def test_a_run_that_was_being_canceled_is_canceled(instance: dg.DagsterInstance) -> None:
    run_id = lost(instance)
    run = instance.get_run_by_id(run_id)
    assert run is not None
    instance.report_run_canceling(run)
    fail_lost_runs(instance)
    assert status_of(instance, run_id) == "CANCELED"


def test_the_sensor_does_it_and_is_on_from_the_start(instance: dg.DagsterInstance) -> None:
    assert lost_runs.default_status is dg.DefaultSensorStatus.RUNNING
    run_id = lost(instance)
    with dg.build_sensor_context(instance) as context:
        assert run_id in str(lost_runs.evaluate_tick(context).skip_message)
    assert status_of(instance, run_id) == "FAILURE"


@pytest.mark.parametrize(("days", "minutes"), [(1, 31), (365, 395), (3_650, 3_680)])
def test_a_run_may_take_half_an_hour_and_a_minute_for_each_day(days: int, minutes: int) -> None:
    assert max_runtime(days) == minutes * 60


def test_a_run_launched_in_the_ui_gets_what_its_tags_lack_and_keeps_what_a_person_chose() -> None:
    one = {"dagster/partition": "2025-06-26"}
    assert missing_tags(one) == {"dagster/max_runtime": "1860"}
    assert missing_tags({**one, "dagster/max_runtime": "7"}) == {}
    ends = {f"dagster/asset_partition_range_{end}": f"2025-06-{day}" for end, day in (("start", 26), ("end", 30))}
    assert missing_tags(ends) == {"dagster/max_runtime": "2100", "days": "2025-06-26..2025-06-30"}
    assert missing_tags({}) == {}
