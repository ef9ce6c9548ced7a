"""Holds shut: a run whose process is gone is failed so that it is tried again, and no other run is touched."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest
import yaml

from rfm_assets.automation.lost_runs import fail_lost_runs, lost_runs
from rfm_assets.automation.process_of_run import PROCESS, tag_process
from rfm_assets.automation.run_tags import max_runtime, missing_tags
from rfm_assets.processes import Process

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    retries = yaml.safe_load((PROJECT / "dagster.yaml").read_text())["run_retries"]
    with dg.DagsterInstance.local_temp(str(tmp_path), overrides={"run_retries": retries}) as instance:
        yield instance


@pytest.fixture(scope="module")
def ended() -> Process:
    """A process that has been."""
    program = "from rfm_assets.processes import Process; print(Process.this().encode())"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    process = Process.decode(said.stdout.strip())
    assert process is not None
    return process


def in_progress(instance: dg.DagsterInstance, process: Process | None, *, run_of_tag: str | None = None) -> str:
    run = instance.add_run(dg.DagsterRun("daily_refresh", status=dg.DagsterRunStatus.STARTED))
    if process:
        instance.add_run_tags(run.run_id, {PROCESS: f"{run_of_tag or run.run_id} {process.encode()}"})
    return run.run_id


def status_of(instance: dg.DagsterInstance, run_id: str) -> str:
    run = instance.get_run_by_id(run_id)
    assert run is not None
    return run.status.value


def test_a_run_whose_process_is_gone_fails_says_so_and_will_be_tried_again(
    instance: dg.DagsterInstance, ended: Process
) -> None:
    lost = in_progress(instance, ended)
    (said,) = fail_lost_runs(instance)
    assert said.startswith(f"run {lost}: its process (pid {ended.pid} on {ended.host}) is gone")
    assert status_of(instance, lost) == "FAILURE"
    run = instance.get_run_by_id(lost)
    assert run is not None
    assert run.is_complete_and_waiting_to_retry
    assert fail_lost_runs(instance) == []


def test_runs_of_living_other_or_unknown_processes_are_left_alone(instance: dg.DagsterInstance, ended: Process) -> None:
    others = [
        in_progress(instance, Process.this()),
        in_progress(instance, replace(ended, host="another-host")),
        in_progress(instance, None),
        in_progress(instance, ended, run_of_tag="the run that this one tries again"),
    ]
    assert fail_lost_runs(instance) == []
    assert {status_of(instance, run_id) for run_id in others} == {"STARTED"}


def test_a_run_that_was_being_canceled_is_canceled(instance: dg.DagsterInstance, ended: Process) -> None:
    lost = in_progress(instance, ended)
    run = instance.get_run_by_id(lost)
    assert run is not None
    instance.report_run_canceling(run)
    fail_lost_runs(instance)
    assert status_of(instance, lost) == "CANCELED"


def test_the_sensor_does_it_and_is_on_from_the_start(instance: dg.DagsterInstance, ended: Process) -> None:
    assert lost_runs.default_status is dg.DefaultSensorStatus.RUNNING
    lost = in_progress(instance, ended)
    with dg.build_sensor_context(instance) as context:
        assert lost in str(lost_runs.evaluate_tick(context).skip_message)
    assert status_of(instance, lost) == "FAILURE"


def test_a_run_names_the_process_that_works_at_it() -> None:
    assert tag_process("r") == {PROCESS: f"r {Process.this().encode()}"}


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
