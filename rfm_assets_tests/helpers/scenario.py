"""Shared builders: a shop in one folder, its daily files, pipeline runs over them, and what is stored.

A test states only what it varies: `land(shop, DAY, sale(), sale(quantity="-1"))`, then `run_days(shop, DAY)`.
"""

import csv
import gzip
import io
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import dagster as dg

from rfm_assets.automation.notifier import LogNotifier
from rfm_assets.contracts.bronze import SOURCE_COLUMNS
from rfm_assets.definitions import defs
from rfm_assets.landing.folder import FolderLandingZone
from rfm_assets.publishing.assets import PublishedFolder
from rfm_assets.warehouse.duckdb.engine import DuckDBEngine
from rfm_assets.warehouse.io_manager import warehouse_io_manager
from rfm_assets_tests.helpers.records import without_event_log

DAY, NEXT_DAY, THIRD_DAY = "2025-06-26", "2025-06-27", "2025-06-28"
HEADER = ",".join(SOURCE_COLUMNS)

_JOBS: dict[str, dg.JobDefinition] = {}


def sale(  # noqa: PLR0913 - one argument for each column, so that a test names what it varies
    *,
    invoice: str = "489434",
    stock_code: str = "85048",
    description: str = "CHRISTMAS GLASS BALL",
    quantity: str = "12",
    price: str = "6.95",
    customer_id: str = "13085.0",
    country: str = "United Kingdom",
    invoice_date: str = DAY,
) -> str:
    """A line of a daily file, quoted where necessary; it passes every rule unless an argument breaks one."""
    text = io.StringIO()
    fields = [invoice, stock_code, description, quantity, price, customer_id, country, invoice_date]
    csv.writer(text, lineterminator="").writerow(fields)
    return text.getvalue()


def land(shop: Path, day: str, *lines: str, header: str = HEADER, name: str = "_transactions.csv") -> Path:
    """Delivers a day's file, named `day` + `name`; returns its path.

    Trailing spaces in its header, which mean nothing, tell its text from other files with the same lines.
    """
    key = day + name
    spaces = " " * (crc32(key.encode()) % 1_000)
    return land_bytes(shop, key, "".join(f"{line}\n" for line in (header + spaces, *lines)).encode())


def land_bytes(shop: Path, key: str, content: bytes) -> Path:
    """Delivers a file of exactly these bytes, compressed if the key says so."""
    path = shop / "landing" / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content, mtime=0) if key.lower().endswith(".gz") else content)
    return path


def warehouse(shop: Path, *, lock_patience: float = 10) -> DuckDBEngine:
    """The shop's warehouse."""
    return DuckDBEngine(database=str(shop / "warehouse.duckdb"), lock_patience=lock_patience)


def resources(shop: Path) -> dict[str, object]:
    """The resources of the assets, all in the shop's folder."""
    return {
        "landing": FolderLandingZone(folder=str(shop / "landing")),
        "notifier": LogNotifier(),
        "published": PublishedFolder(folder=str(shop / "published")),
        "warehouse": warehouse(shop),
        "io_manager": warehouse_io_manager,
    }


def run_days(
    shop: Path, first: str, last: str | None = None, *, select: Sequence[str] = (), raise_on_error: bool = True
) -> dg.ExecuteInProcessResult:
    """Materializes the days from `first` to `last` of a shop in one run, as `run_graph` does."""
    (shop / "landing").mkdir(exist_ok=True)
    return run_graph(resources(shop), first, last or first, select=select, raise_on_error=raise_on_error)


def run_graph(
    resources: Mapping[str, object], first: str, last: str, *, select: Sequence[str] = (), raise_on_error: bool = True
) -> dg.ExecuteInProcessResult:
    """Materializes the days from `first` to `last` in one run, with checks.

    `select` names tables (`gold.customer_rfm`) or layers (`gold`); by default, everything that has days. An asset's
    exception is raised unchanged, unless `raise_on_error` is off.
    """
    graph = defs.resolve_asset_graph()
    keys = graph.materializable_asset_keys - graph.unpartitioned_asset_keys
    chosen = [key for key in keys if not select or {key.path[0], ".".join(key.path)} & set(select)]
    days = {"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "InitResourceContext.dagster_run", DeprecationWarning)  # Dagster's own call
        return job_of(dg.AssetSelection.assets(*sorted(chosen))).execute_in_process(
            instance=without_event_log(), raise_on_error=raise_on_error, resources=resources, tags=days
        )


def job_of(selection: dg.AssetSelection) -> dg.JobDefinition:
    """The job of a selection, made once per process, for runs that bring their own resources."""
    if repr(selection) not in _JOBS:
        job = dg.Definitions(jobs=[dg.define_asset_job("chosen", selection)])
        _JOBS[repr(selection)] = dg.Definitions.merge(defs, job).resolve_job_def("chosen")
    return _JOBS[repr(selection)]


def rows(shop: Path, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a SELECT over the stored tables, by a fresh read-only connection."""
    with warehouse(shop).connect(read_only=True) as connection:
        return connection.execute(sql).fetchall()
