"""dagster.yaml and workspace.yaml keep all records in .dagster, batch events, and allow one writer."""

import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
import yaml
from dagster._cli.utils import get_possibly_temporary_instance_for_cli
from dagster._core.instance.config import PoolGranularity
from dagster._core.workspace.load_target import WorkspaceFileTarget, get_origins_from_toml

from rfm_assets.dagster_storage.event_log import BATCH_SIZE_VARIABLE, BatchedSqliteEventLogStorage
from rfm_assets.ui.dev import LOCATION

PROJECT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A working directory that holds the project's dagster.yaml and nothing else, in a clean environment."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copy(PROJECT / "dagster.yaml", folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for variable in ["DAGSTER_HOME", BATCH_SIZE_VARIABLE]:
            patch.setenv(variable, "")  # so that a value set later is undone
            patch.delenv(variable)
        yield folder


@pytest.fixture(scope="module")
def instance(project: Path) -> Iterator[dg.DagsterInstance]:
    """The project's own instance, as DAGSTER_HOME=<project> gives it, after one run."""

    @dg.asset
    def something() -> int:
        return 1

    with dg.DagsterInstance.from_config(str(project)) as loaded:
        assert dg.materialize([something], instance=loaded).success
        yield loaded


def homes(folder: Path) -> set[str]:
    """The non-empty top-level folders and files of `folder`."""
    return {path.relative_to(folder).parts[0] for path in folder.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("instance")
def test_everything_a_run_records_is_in_the_ignored_folder(project: Path) -> None:
    assert homes(project) == {"dagster.yaml", ".dagster"}
    recorded = {path.name for path in (project / ".dagster").rglob("*.db")}
    assert {"runs.db", "index.db", "schedules.db"} <= recorded
    assert ".dagster/" in (PROJECT / ".gitignore").read_text().splitlines()


def test_dagster_dev_without_a_home_finds_the_same_records(instance: dg.DagsterInstance, project: Path) -> None:
    with get_possibly_temporary_instance_for_cli("dagster dev") as same:
        assert [run.run_id for run in same.get_runs()] == [run.run_id for run in instance.get_runs()]
        assert same.all_asset_keys() == [dg.AssetKey("something")]
    assert homes(project) == {"dagster.yaml", ".dagster"}


def test_the_event_log_is_the_batched_one(instance: dg.DagsterInstance) -> None:
    assert isinstance(instance.event_log_storage, BatchedSqliteEventLogStorage)


@pytest.mark.parametrize(("chosen", "used"), [(None, 1000), ("7", 7), ("0", 0)])
def test_batching_is_on_unless_the_user_says_otherwise(
    chosen: str | None, used: int, instance: dg.DagsterInstance, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BATCH_SIZE_VARIABLE, chosen or "")
    if chosen is None:
        monkeypatch.delenv(BATCH_SIZE_VARIABLE)
    with dg.DagsterInstance.from_config(str(project)):
        assert instance._get_event_batch_size() == used  # noqa: SLF001  read anew from the environment for each event


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


def test_every_tool_gives_the_code_location_the_same_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """To Dagster another name is another sensor: its cursor starts over, and it is on even if it was switched off."""
    monkeypatch.chdir(PROJECT)
    dg_project = tomllib.loads(Path("pyproject.toml").read_text())["tool"]["dg"]["project"]
    names = {
        "dagster dev": [one.location_name for one in get_origins_from_toml("pyproject.toml")],
        "a webserver": [one.location_name for one in WorkspaceFileTarget(["workspace.yaml"]).create_origins()],
        "dg dev": [dg_project["code_location_name"]],  # without it, the folder's name
        "rfm dev": [LOCATION],
    }
    assert set(map(tuple, names.values())) == {("rfm_assets",)}, names
