"""Runs of the graph over any engine."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import dagster as dg

from rfm_assets.automation.notifier import LogNotifier
from rfm_assets.definitions import build_definitions
from rfm_assets.landing.folder import FolderLandingZone
from rfm_assets.publishing.assets import PublishedFolder
from rfm_assets.warehouse.engine import Engine
from rfm_assets.warehouse.io_manager import warehouse_io_manager
from rfm_assets_tests.runs import red

_ROWS = "dagster/partition_row_count"
TABLES = ("bronze", "silver", "quality", "gold", "proof", "ml")


@dataclass(frozen=True)
class Ran:
    """What a run told: its red checks, and of each asset the last day's glance and each day's row count."""

    red: set[str]
    glances: Mapping[str, str]
    rows: Mapping[tuple[str, str], int]


def materialize(engine: Engine, landing: Path, first: str, last: str, *, published: Path | None = None) -> Ran:
    """Materializes days of every table in one run, with checks, and publishes them where a folder is given."""
    layers = TABLES if published is None else (*TABLES, "publishing")
    resources = {
        "landing": FolderLandingZone(folder=str(landing)),
        "notifier": LogNotifier(),
        "published": PublishedFolder(folder=str(published)),
        "warehouse": engine,
        "io_manager": warehouse_io_manager,
    }
    defs = build_definitions(resources)
    keys = [key for key in defs.resolve_asset_graph().materializable_asset_keys if key.path[0] in layers]
    days = {"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last}
    with dg.DagsterInstance.ephemeral() as instance, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "InitResourceContext.dagster_run", DeprecationWarning)  # Dagster's own call
        result = defs.resolve_implicit_global_asset_job_def().execute_in_process(
            asset_selection=sorted(keys), instance=instance, tags=days
        )
    made = [event.step_materialization_data.materialization for event in result.get_asset_materialization_events()]
    told = [(one.asset_key.to_user_string(), str(one.partition), one.metadata) for one in made if one.asset_key]
    return Ran(
        red(result),
        {asset: str(said["preview"].value) for asset, _, said in told if "preview" in said},
        {(asset, day): int(str(said[_ROWS].value)) for asset, day, said in told if _ROWS in said},
    )
