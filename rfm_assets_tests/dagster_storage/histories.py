"""The same small history in the stock event log and in the batched one, and the rows each has stored."""

import re
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import dagster as dg
from dagster._core import events as core
from dagster._core.definitions.data_version import DATA_VERSION_TAG
from dagster._core.storage.event_log import SqliteEventLogStorage

DAYS = dg.DailyPartitionsDefinition("2025-07-01", end_date="2025-07-12")
LANDED, SALES, BROKEN = KEYS = [dg.AssetKey(name) for name in ["landed", "sales", "broken"]]
RUNS = [str(UUID(int=number)) for number in range(2)]
BATCH_SIZE = 5  # fewer than the nine days of the first run, more than the three of the second


def small_graph() -> dg.JobDefinition:
    """Two assets that work, one that fails, a green check and a red one."""

    def asset(name: str, upstream: list[dg.AssetKey], *, works: bool = True) -> dg.AssetsDefinition:
        single_run = dg.BackfillPolicy.single_run()

        # A code version keeps the run's id out of the data versions, so that two instances can be compared.
        @dg.asset(name=name, deps=upstream, partitions_def=DAYS, backfill_policy=single_run, code_version="1")
        def compute() -> dg.MaterializeResult[None]:
            if not works:
                raise dg.Failure(description="no such file")
            return dg.MaterializeResult(metadata={"rows": 3}, data_version=dg.DataVersion("v1"))

        return compute

    def check(name: str, *, passed: bool) -> dg.AssetChecksDefinition:
        result = dg.AssetCheckResult(passed=passed, severity=dg.AssetCheckSeverity.WARN, metadata={"broken_rows": 2})
        return dg.asset_check(asset=SALES, name=name)(lambda: result)

    assets = [asset("landed", []), asset("sales", [LANDED]), asset("broken", [SALES], works=False)]
    checks = [check("green", passed=True), check("red", passed=False)]
    return dg.Definitions(assets, asset_checks=checks).resolve_implicit_global_asset_job_def()


def run_history(instance: dg.DagsterInstance) -> None:
    """Nine days in which one asset fails, then two of them rerun and one more day."""
    job = small_graph()
    for run_id, keys, start, end in [(RUNS[0], KEYS, "01", "09"), (RUNS[1], KEYS[:2], "08", "10")]:
        days = {"start": f"2025-07-{start}", "end": f"2025-07-{end}"}
        tags = {f"dagster/asset_partition_range_{bound}": day for bound, day in days.items()}
        job.execute_in_process(instance=instance, run_id=run_id, asset_selection=keys, tags=tags, raise_on_error=False)


def local_instance(folder: Path, storage: type[SqliteEventLogStorage]) -> dg.DagsterInstance:
    """An instance on disk that prints nothing, with its event log in `folder`/events."""
    log = {"module": storage.__module__, "class": storage.__name__, "config": {"base_dir": str(folder / "events")}}
    quiet = {"telemetry": {"enabled": False}, "python_logs": {"python_log_level": "CRITICAL"}}
    return dg.DagsterInstance.local_temp(str(folder), overrides={"event_log_storage": log, **quiet})


class Histories(NamedTuple):
    """The same runs in two instances, and the batches that Dagster handed to the second."""

    stock: dg.DagsterInstance
    batched: dg.DagsterInstance
    batches: list[Counter[str]]


def observation(day: int) -> dg.EventLogEntry:
    """An event that Dagster batches, with its day as a tag that is indexed."""
    partition = f"2025-07-{day:02d}"
    observed = dg.AssetObservation(LANDED, partition=partition, tags={DATA_VERSION_TAG: partition})
    event = dg.DagsterEvent("ASSET_OBSERVATION", "job", event_specific_data=core.AssetObservationData(observed))
    return dg.EventLogEntry(None, 10, "", "run", float(day), job_name="job", dagster_event=event)


def rows_of(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Every row of every shard, without times, durations, process ids and random names."""
    tables = {}
    for shard in sorted(folder.glob("*.db")):
        connection = sqlite3.connect(shard)
        connection.row_factory = sqlite3.Row
        for table in ["event_logs", "asset_keys", "asset_event_tags", "asset_check_executions"]:
            tables[f"{shard.stem}.{table}"] = [
                {name: without_clock(value) for name, value in dict(row).items() if not name.endswith("timestamp")}
                for row in connection.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()
            ]
        connection.close()
    return tables


def without_clock(value: object) -> object:
    """The value without the parts of its text that differ from run to run."""
    clock = r'\d+(\.\d+)?(ms|s)\b|(timestamp|duration_ms|pid)"?[:=] ?[\d.]+|"log_key": "\w+"'
    return re.sub(clock, "?", value) if isinstance(value, str) else value
