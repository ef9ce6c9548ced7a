"""Holds dagster.yaml and workspace.yaml to what they promise: all records in .dagster, batching on, one writer."""

import os
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
import yaml
from dagster._cli.utils import get_possibly_temporary_instance_for_cli
from dagster._core.instance.config import PoolGranularity

from rfm_assets.event_log import BATCH_SIZE_VARIABLE, BatchedSqliteEventLogStorage

PROJECT = Path(__file__).parents[1]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory that holds the project's dagster.yaml and nothing else, in a clean environment."""
    shutil.copy(PROJECT / "dagster.yaml", tmp_path)
    monkeypatch.chdir(tmp_path)
    for variable in ["DAGSTER_HOME", BATCH_SIZE_VARIABLE]:
        monkeypatch.setenv(variable, "")  # so that whatever the test leaves there is undone
        monkeypatch.delenv(variable)
    return tmp_path


@pytest.fixture
def instance(project: Path) -> Iterator[dg.DagsterInstance]:
    """The project's own instance, as DAGSTER_HOME=<project> gives it."""
    with dg.DagsterInstance.from_config(str(project)) as loaded:
        yield loaded


def materialize_something(instance: dg.DagsterInstance) -> None:
    @dg.asset
    def something() -> int:
        return 1

    assert dg.materialize([something], instance=instance).success


def homes(folder: Path) -> set[str]:
    """The top folders and files of `folder` that hold something."""
    return {path.relative_to(folder).parts[0] for path in folder.rglob("*") if path.is_file()}


def test_everything_a_run_records_is_in_the_ignored_folder(instance: dg.DagsterInstance, project: Path) -> None:
    materialize_something(instance)
    assert homes(project) == {"dagster.yaml", ".dagster"}
    recorded = {path.name for path in (project / ".dagster").rglob("*.db")}
    assert {"runs.db", "index.db", "schedules.db"} <= recorded
    assert ".dagster/" in (PROJECT / ".gitignore").read_text().splitlines()


def test_dagster_dev_without_a_home_finds_the_same_records(project: Path) -> None:
    for runs in [1, 2]:
        with get_possibly_temporary_instance_for_cli("dagster dev") as instance:
            materialize_something(instance)
            assert instance.get_runs_count() == runs
    assert homes(project) == {"dagster.yaml", ".dagster"}


def test_the_event_log_is_the_batched_one_and_batching_is_on(instance: dg.DagsterInstance) -> None:
    assert isinstance(instance.event_log_storage, BatchedSqliteEventLogStorage)
    assert int(os.environ[BATCH_SIZE_VARIABLE]) > 0


def test_nothing_is_reported_home(instance: dg.DagsterInstance) -> None:
    assert not instance.telemetry_enabled
    assert not instance.nux_enabled


def test_one_run_at_a_time_writes_the_warehouse(instance: dg.DagsterInstance) -> None:
    concurrency = instance.get_concurrency_config()
    assert concurrency.pool_config.default_pool_limit == 1
    assert concurrency.pool_config.pool_granularity is PoolGranularity.RUN
    assert concurrency.run_queue_config is not None
    assert concurrency.run_queue_config.max_concurrent_runs == 1


def test_a_dead_run_is_given_up_and_a_crashed_one_tried_again(instance: dg.DagsterInstance) -> None:
    assert instance.run_monitoring_enabled
    assert instance.run_monitoring_max_runtime_seconds > 0
    assert instance.run_monitoring_settings["free_slots_after_run_end_seconds"] > 0
    assert instance.run_retries_enabled
    assert 0 < instance.run_retries_max_retries <= 3
    assert not instance.run_retries_retry_on_asset_or_op_failure


def test_the_workspace_loads_the_module_that_pyproject_names() -> None:
    workspace = yaml.safe_load((PROJECT / "workspace.yaml").read_text())
    pyproject = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    module = pyproject["tool"]["dagster"]["module_name"]
    assert workspace["load_from"] == [{"python_module": {"module_name": module, "location_name": "rfm_assets"}}]
