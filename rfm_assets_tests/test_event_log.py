"""Holds the batched event log to the stock one: the same rows and the same answers, in fewer transactions.

The last part are characterization tests of what the storage leans on in Dagster; read them first after an upgrade.
"""

import re
import shutil
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import dagster as dg
import pytest
import sqlalchemy as sa
from dagster._core import events as core
from dagster._core.definitions.data_version import DATA_VERSION_TAG
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus
from dagster._core.storage.event_log import SqliteEventLogStorage

from rfm_assets.event_log import BATCH_SIZE_VARIABLE, BatchedSqliteEventLogStorage

pytestmark = pytest.mark.filterwarnings("ignore::dagster.BetaWarning")

DAYS = dg.DailyPartitionsDefinition("2025-07-01", end_date="2025-07-12")
LANDED, SALES, BROKEN = KEYS = [dg.AssetKey(name) for name in ["landed", "sales", "broken"]]
RUNS = [str(UUID(int=number)) for number in range(2)]
BATCH_SIZE = 5  # less than the nine days of the first run, more than the three of the second


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
    """Nine days in which one asset fails, then two of them again with one more."""
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


@pytest.fixture(scope="module")
def histories(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Histories]:
    batches: list[Counter[str]] = []
    store = BatchedSqliteEventLogStorage.store_event_batch

    def spy(storage: BatchedSqliteEventLogStorage, events: Sequence[dg.EventLogEntry]) -> None:
        batches.append(Counter(event.get_dagster_event().event_type_value for event in events))
        store(storage, events)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BatchedSqliteEventLogStorage, "store_event_batch", spy)
        patch.setenv(BATCH_SIZE_VARIABLE, "0")
        with local_instance(tmp_path_factory.mktemp("stock"), SqliteEventLogStorage) as stock:
            run_history(stock)
            patch.setenv(BATCH_SIZE_VARIABLE, str(BATCH_SIZE))
            with local_instance(tmp_path_factory.mktemp("batched"), BatchedSqliteEventLogStorage) as batched:
                run_history(batched)
                yield Histories(stock, batched, list(batches))


@pytest.fixture(scope="module")
def new_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shards of a storage with one event, made once because that takes Dagster a while."""
    folder = tmp_path_factory.mktemp("new")
    SqliteEventLogStorage(str(folder)).store_event(observation(1))
    return folder


@pytest.fixture
def events_folder(new_log: Path, tmp_path: Path) -> Path:
    return shutil.copytree(new_log, tmp_path / "events")


@pytest.fixture
def storage(events_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BatchedSqliteEventLogStorage]:
    monkeypatch.setenv(BATCH_SIZE_VARIABLE, str(BATCH_SIZE))
    yield (opened := BatchedSqliteEventLogStorage(str(events_folder)))
    opened.dispose()


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
    """The value, with whatever differs from run to run in its text taken out."""
    clock = r'\d+(\.\d+)?(ms|s)\b|(timestamp|duration_ms|pid)"?[:=] ?[\d.]+|"log_key": "\w+"'
    return re.sub(clock, "?", value) if isinstance(value, str) else value


def test_both_storages_hold_the_same_rows(histories: Histories) -> None:
    stock, batched = (rows_of(Path(instance.storage_directory()).parent / "events") for instance in histories[:2])
    assert batched.keys() == stock.keys()
    found_by_checks = [tables.pop("index.asset_check_executions") for tables in (stock, batched)]
    stock_checks, batched_checks = ([row | {"id": 0} for row in rows] for rows in found_by_checks)
    # The stock storage also keeps what was planned for each day and never found again.
    assert batched_checks == [row for row in stock_checks if row["execution_status"] != "PLANNED"]
    assert len(stock_checks) > len(batched_checks)
    for name, rows in stock.items():
        assert batched[name] == rows, name
    assert len(stock["index.event_logs"]) > 5 * 9
    assert stock["index.asset_event_tags"]


QUESTIONS: dict[str, Callable[[dg.DagsterInstance], Any]] = {
    "the log of each run": lambda i: [
        [(e.dagster_event_type, e.step_key, e.dagster_event and e.dagster_event.partition) for e in i.all_logs(run)]
        for run in RUNS
    ],
    "the newest materializations": lambda i: [
        (r.storage_id, r.partition_key, r.asset_materialization) for r in i.fetch_materializations(LANDED, 100).records
    ],
    "which days are there": lambda i: [i.get_materialized_partitions(key) for key in KEYS],
    "how each day stands": lambda i: [i.get_status_by_partition(key, DAYS.get_partition_keys(), DAYS) for key in KEYS],
    "which days were planned and failed": lambda i: (
        i.event_log_storage.get_latest_asset_partition_materialization_attempts_without_materializations(BROKEN)
    ),
    "the data version of each day": lambda i: i.event_log_storage.get_latest_tags_by_partition(
        LANDED, dg.DagsterEventType.ASSET_MATERIALIZATION, [DATA_VERSION_TAG]
    ),
    "the newest event of each asset": lambda i: [
        (r.asset_entry.asset_key, r.asset_entry.last_run_id, r.asset_entry.last_materialization_storage_id)
        for r in i.get_asset_records(KEYS)
    ],
    "what the checks found": lambda i: [
        (name, r.run_id, r.status, without_clock(repr(r.event and r.event.dagster_event)))
        for name in ["green", "red"]
        for r in i.event_log_storage.get_asset_check_execution_history(dg.AssetCheckKey(SALES, name), limit=99)
        if r.status is not AssetCheckExecutionRecordStatus.PLANNED
    ],
    "the figures of each run": lambda i: [i.get_run_stats(run).materializations for run in RUNS],
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_the_ui_gets_the_same_answers(question: Callable[[dg.DagsterInstance], Any], histories: Histories) -> None:
    expected = question(histories.stock)
    assert expected
    assert question(histories.batched) == expected


def test_events_of_all_kinds_and_several_runs_make_one_batch(
    histories: Histories, storage: BatchedSqliteEventLogStorage, events_folder: Path, tmp_path: Path
) -> None:
    events = [*histories.stock.all_logs(RUNS[1], core.BATCH_WRITABLE_EVENTS), observation(2)]
    planned = next(event for event in events if event.get_dagster_event().is_asset_materialization_planned)
    events.append(observation(3)._replace(dagster_event=planned.dagster_event))  # by another run, after all that
    stock = SqliteEventLogStorage(str(shutil.copytree(events_folder, tmp_path / "stock")))
    for event in events:
        stock.store_event(event)
    storage.store_event_batch(events)
    assert len({event.dagster_event_type for event in events}) == 4
    expected, found = rows_of(tmp_path / "stock"), rows_of(events_folder)
    planned_once = found.pop("index.asset_check_executions")[-2:]  # for the run, and not for each of its days
    assert [(row["check_name"], row["partition"]) for row in planned_once] == [("green", None), ("red", None)]
    del expected["index.asset_check_executions"]
    for rows in [expected["index.asset_keys"], found["index.asset_keys"]]:
        rows.sort(key=lambda row: str(row.pop("asset_key")))
        for row in rows:
            del row["id"]  # assets enter the index in another order
    assert found == expected


def test_a_batch_costs_one_transaction_in_each_shard(storage: BatchedSqliteEventLogStorage) -> None:
    commits: list[str] = []

    def count(connection: sa.Connection) -> None:
        commits.append(Path(str(connection.engine.url.database)).stem)

    sa.event.listen(sa.Engine, "commit", count)
    storage.store_event_batch([observation(day) for day in range(2, 31)])
    sa.event.remove(sa.Engine, "commit", count)
    assert commits == ["run", "index"]


@pytest.mark.parametrize("refusing", ["_store_asset_event_tags", "_store_asset_event", "run_connection"])
def test_a_refused_batch_leaves_nothing_behind(
    refusing: str, storage: BatchedSqliteEventLogStorage, events_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise sqlite3.OperationalError

    before = rows_of(events_folder)
    monkeypatch.setattr(storage, refusing, refuse)
    with pytest.raises(sqlite3.OperationalError):
        storage.store_event_batch([observation(2), observation(3)])
    assert rows_of(events_folder) == before


def test_two_writers_never_mix_up_their_ids(storage: BatchedSqliteEventLogStorage, events_folder: Path) -> None:
    other = BatchedSqliteEventLogStorage(str(events_folder))

    def write(writer: BatchedSqliteEventLogStorage) -> None:
        for _ in range(5):
            writer.store_event_batch([observation(day) for day in range(1, 29)])

    with ThreadPoolExecutor(3) as pool:
        # two threads share one storage, as a webserver's do; the third writes like another process
        for written in [pool.submit(write, writer) for writer in [storage, storage, other]]:
            written.result()
    other.dispose()
    rows = rows_of(events_folder)
    assert len(rows["index.event_logs"]) == len(rows["run.event_logs"]) == 1 + 3 * 5 * 28
    days = {row["id"]: row["partition"] for row in rows["index.event_logs"]}
    assert all(days[tag["event_id"]] == tag["value"] for tag in rows["index.asset_event_tags"])


def test_the_ui_sees_a_run_while_it_goes(storage: BatchedSqliteEventLogStorage, events_folder: Path) -> None:
    reader, seen = BatchedSqliteEventLogStorage(str(events_folder)), threading.Event()
    reader.watch("run", None, lambda *_: seen.set())
    storage.store_event_batch([observation(2), observation(3)])
    assert seen.wait(10)
    reader.dispose()


def test_looking_at_a_run_does_not_announce_an_event(
    storage: BatchedSqliteEventLogStorage, events_folder: Path
) -> None:
    storage.store_event_batch([observation(2), observation(3)])
    before = (events_folder / "run.db").stat().st_mtime_ns
    assert storage.get_logs_for_run("run")
    assert (events_folder / "run.db").stat().st_mtime_ns == before


def test_the_index_is_closed_with_the_storage(storage: BatchedSqliteEventLogStorage, events_folder: Path) -> None:
    storage.store_event_batch([observation(2), observation(3)])
    assert (events_folder / "index.db-wal").exists()  # SQLite removes it when the last connection is closed
    storage.dispose()
    assert not (events_folder / "index.db-wal").exists()


def test_dagster_batches_the_plans_of_a_run_and_the_days_of_an_asset(histories: Histories) -> None:
    made = [batch["ASSET_MATERIALIZATION"] for batch in histories.batches if "ASSET_MATERIALIZATION" in batch]
    assert made == [5, 4, 5, 4, 3, 3]
    plans = [batch for batch in histories.batches if "ASSET_MATERIALIZATION" not in batch]
    assert [batch.total() for batch in plans] == [5, 5, 5, 5, 5, 4, 5, 3]
    assert sum(batch["ASSET_CHECK_EVALUATION_PLANNED"] for batch in plans) == 2 + 2


def test_dagster_stores_a_batch_when_its_last_event_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(BATCH_SIZE_VARIABLE, str(BATCH_SIZE))
    with dg.DagsterInstance.ephemeral() as instance:
        instance.handle_new_event(observation(1), batch_metadata=core.DagsterEventBatchMetadata("a", is_end=False))
        assert instance.all_logs("run") == []  # what a kill at this moment would lose
        instance.handle_new_event(observation(2), batch_metadata=core.DagsterEventBatchMetadata("a", is_end=True))
        assert len(instance.all_logs("run")) == 2


def test_dagster_batches_only_events_that_the_index_mirrors() -> None:
    assert core.BATCH_WRITABLE_EVENTS <= core.ASSET_EVENTS | core.ASSET_CHECK_EVENTS
    assert core.BATCH_WRITABLE_EVENTS.isdisjoint(core.EVENT_TYPE_TO_PIPELINE_RUN_STATUS)


def test_the_stock_storage_stores_a_batch_event_by_event(events_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored: list[dg.EventLogEntry] = []
    monkeypatch.setattr(SqliteEventLogStorage, "store_event", lambda _, event: stored.append(event))
    SqliteEventLogStorage(str(events_folder)).store_event_batch(events := [observation(1), observation(2)])
    assert stored == events
