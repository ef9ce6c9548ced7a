"""Runs of any selection of assets or of a command, and everything they stored, for comparison."""

import warnings
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from click.testing import CliRunner, Result

from rfm_assets.bronze.assets import landed
from rfm_assets.bronze.landing_checks import LANDING_CHECKS
from rfm_assets.commands.main import main
from rfm_assets.landing.folder import FolderLandingZone
from rfm_assets_tests.helpers.plain import PIPELINE, load, materialize, new_database
from rfm_assets_tests.helpers.records import without_event_log
from rfm_assets_tests.helpers.scenario import DAY, THIRD_DAY, job_of, resources, warehouse

# Without the clusters, which load scikit-learn; ml/test_assets.py runs those.
EVERYTHING = dg.AssetSelection.groups("bronze", "silver", "quality", "gold", "proof")
LINES = dg.AssetSelection.assets(dg.AssetKey(["bronze", "transactions"]))
CUSTOMER_RFM = dg.AssetSelection.assets(dg.AssetKey(["gold", "customer_rfm"]))

Contents = Mapping[str, list[tuple[Any, ...]]]


def run(
    shop: Path,
    selection: dg.AssetSelection,
    *days: str,
    raise_on_error: bool = False,
    instance: dg.DagsterInstance | None = None,
) -> dg.ExecuteInProcessResult:
    """Launches a selection for one day, for a range of days in one run, or without a day, as the UI does.

    Without an instance, no events are kept.
    """
    ends = ("dagster/asset_partition_range_start", "dagster/asset_partition_range_end")
    tags = dict(zip(ends, days, strict=True)) if len(days) > 1 else {}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "InitResourceContext.dagster_run", DeprecationWarning)  # Dagster's own call
        return job_of(selection).execute_in_process(
            instance=instance or without_event_log(),
            resources=resources(shop),
            tags=tags,
            partition_key=days[0] if len(days) == 1 else None,
            raise_on_error=raise_on_error,
        )


def make(shop: Path, selection: dg.AssetSelection, *days: str) -> None:
    """Materializes the days from the first to the last of `days`, without checks."""
    run(shop, selection.without_checks(), *days, raise_on_error=True)


def launch_landing_checks(shop: Path) -> dg.ExecuteInProcessResult:
    """Evaluates every check of bronze's tables over all stored days, as the UI does without a selected day."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "InitResourceContext.dagster_run", DeprecationWarning)  # Dagster's own call
        return dg.materialize(
            [landed, *LANDING_CHECKS],
            selection=dg.AssetSelection.all_asset_checks(),
            resources=resources(shop),
            instance=without_event_log(),
            raise_on_error=False,
        )


def rfm(*arguments: str) -> Result:
    """The output of an `rfm` command run in this process, and its exit code."""
    return CliRunner().invoke(main, arguments)


def contents(connection: duckdb.DuckDBPyConnection, *, until: str = THIRD_DAY) -> Contents:
    """Every row of every table up to a day, without the times it was read or computed."""
    clocks = {"ingestion_timestamp", "created_timestamp"}
    found = {}
    for table in PIPELINE:
        columns = ", ".join(name for name in table.types if name not in clocks)
        select = f"SELECT {columns} FROM {table.address} WHERE {table.day} <= DATE '{until}' ORDER BY ALL"
        found[table.address] = connection.execute(select).fetchall()
    return found


def stored(shop: Path) -> Contents:
    with warehouse(shop).connect(read_only=True) as connection:
        return contents(connection)


def expected(shop: Path, first: str = DAY, last: str = THIRD_DAY) -> Contents:
    """What a fresh warehouse holds after one run over the currently landed files."""
    database, days = new_database(), (date.fromisoformat(first), date.fromisoformat(last))
    load(database, FolderLandingZone(folder=str(shop / "landing")), *days)
    materialize(database, *days)
    return contents(database)


def red(result: dg.ExecuteInProcessResult) -> set[str]:
    return {check.check_name for check in result.get_asset_check_evaluations() if not check.passed}


def shown(table: dg.MetadataValue[Any]) -> str:
    """How the UI shows a table: one line per record, cells separated by bars."""
    assert isinstance(table, dg.TableMetadataValue)
    return "\n".join(" | ".join(map(str, record.data.values())) for record in table.records)
