"""Runs the graph on either engine and compares what both stored: DuckDB reads the files that Spark wrote."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from rfm_assets.automation.notifier import LogNotifier
from rfm_assets.contracts import TABLES, Table
from rfm_assets.landing.folder import FolderLandingZone
from rfm_assets.publishing.assets import PublishedFolder
from rfm_assets.warehouse.engine import Engine
from rfm_assets.warehouse.io_manager import warehouse_io_manager
from rfm_assets_tests.helpers.runs import red
from rfm_assets_tests.helpers.scenario import run_graph

LAYERS = ("bronze", "silver", "quality", "gold", "proof", "ml")

CLOCKS = {"ingestion_timestamp", "created_timestamp", "first_seen", "loaded_at"}
_EXAMPLES = 3
_ROWS = "dagster/partition_row_count"


@dataclass(frozen=True)
class Ran:
    """What a run reported: its red checks, each asset's preview of the last day, and each day's row count."""

    red: set[str]
    previews: Mapping[str, str]
    rows: Mapping[tuple[str, str], int]


def materialize(engine: Engine, landing: Path, first: str, last: str, *, published: Path | None = None) -> Ran:
    """Materializes days of every table in one run, with checks, and publishes them where a folder is given."""
    resources = {
        "landing": FolderLandingZone(folder=str(landing)),
        "notifier": LogNotifier(),
        "published": PublishedFolder(folder=str(published)),
        "warehouse": engine,
        "io_manager": warehouse_io_manager,
    }
    result = run_graph(resources, first, last, select=LAYERS if published is None else (*LAYERS, "publishing"))
    made = [event.step_materialization_data.materialization for event in result.get_asset_materialization_events()]
    found = [(one.asset_key.to_user_string(), str(one.partition), one.metadata) for one in made if one.asset_key]
    return Ran(
        red(result),
        {asset: str(metadata["preview"].value) for asset, _, metadata in found if "preview" in metadata},
        {(asset, day): int(str(metadata[_ROWS].value)) for asset, day, metadata in found if _ROWS in metadata},
    )


def differences(
    connection: duckdb.DuckDBPyConnection, folder: Path, tables: Iterable[Table] = tuple(TABLES.values())
) -> dict[str, object]:
    """For each table that differs, rows that only DuckDB has and rows that only Spark has.

    All columns except the creation time are compared exactly, doubles to 1e-9 (those above 1 to 1e-6): the middle of
    two amounts may differ in its last bit. Equal rows are counted.
    """
    found = {}
    for table in tables:
        ours, theirs = f"SELECT {columns_of(table)} FROM {table.address}", _stored_by_spark(table, folder)
        only_ours = connection.execute(f"{ours} EXCEPT ALL {theirs} LIMIT {_EXAMPLES}").fetchall()
        only_theirs = connection.execute(f"{theirs} EXCEPT ALL {ours} LIMIT {_EXAMPLES}").fetchall()
        if only_ours or only_theirs:
            found[table.address] = {"DuckDB alone": only_ours, "Spark alone": only_theirs}
    return found


def columns_of(table: Table) -> str:
    """The columns to compare, in the types of the contract."""
    return ", ".join(
        f"{_rounded(f'CAST({name} AS {kind})', kind)} AS {name}"
        for name, kind in table.types.items()
        if name not in CLOCKS
    )


def _rounded(cell: str, kind: str) -> str:
    return f"CASE WHEN abs({cell}) <= 1 THEN round({cell}, 9) ELSE round({cell}, 6) END" if kind == "DOUBLE" else cell


def _stored_by_spark(table: Table, folder: Path) -> str:
    place = folder.joinpath(*table.address.split("."))
    if not list(place.glob("*/*.parquet")):
        return f"SELECT {columns_of(table)} FROM {table.address} WHERE false"
    files = f"read_parquet('{place}/*/*.parquet', hive_partitioning = true)"
    return f"SELECT {columns_of(table)} FROM {files}"
