"""Holds the batched event log to the stock one: the same rows and the same answers, in fewer transactions.

The last part are characterization tests of what the storage leans on in Dagster; read them first after an upgrade.
"""

import re
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
from dagster._core.definitions.data_version import DATA_VERSION_TAG
from dagster._core.events import (
    ASSET_CHECK_EVENTS,
    ASSET_EVENTS,
    BATCH_WRITABLE_EVENTS,
    EVENT_TYPE_TO_PIPELINE_RUN_STATUS,
    AssetObservationData,
    DagsterEvent,
    DagsterEventBatchMetadata,
)
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.dagster_run import DagsterRunStatus
from dagster._core.storage.event_log import SqliteEventLogStorage

from rfm_assets.event_log import BATCH_SIZE_VARIABLE, BatchedSqliteEventLogStorage

pytestmark = pytest.mark.filterwarnings("ignore::dagster.BetaWarning")

DAYS = dg.DailyPartitionsDefinition("2025-06-26", end_date="2025-07-12")
MOST_DAYS, LAST_DAYS, ONE_DAY = ("2025-06-26", "2025-07-07"), ("2025-07-06", "2025-07-08"), "2025-07-09"
LANDED, SALES, BROKEN, AFTER_BROKEN = (dg.AssetKey(name) for name in ["landed", "sales", "broken", "after_broken"])
ALL_KEYS = [LANDED, SALES, BROKEN, AFTER_BROKEN]
RUNS = [str(UUID(int=number)) for number in range(3)]


def small_graph() -> dg.Definitions:
    """Two assets that work, one that fails over one that is therefore skipped, a green check and a red one."""

    def asset(name: str, upstream: list[dg.AssetKey], *, works: bool = True) -> dg.AssetsDefinition:
        # A code version keeps the run's id out of the data versions, so that two instances can be compared.
        @dg.asset(
            name=name,
            deps=upstream,
            partitions_def=DAYS,
            code_version="1",
            backfill_policy=dg.BackfillPolicy.single_run(),
        )
        def compute() -> dg.MaterializeResult[None]:
            if not works:
                raise dg.Failure(description="no such file")
            return dg.MaterializeResult(metadata={"rows": 3}, data_version=dg.DataVersion("v1"))

        return compute

    @dg.asset_check(asset=SALES)
    def green() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=True)

    @dg.asset_check(asset=SALES)
    def red() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=False, severity=dg.AssetCheckSeverity.WARN, metadata={"broken_rows": 2})

    return dg.Definitions(
        assets=[
            asset("landed", []),
            asset("sales", [LANDED]),
            asset("broken", [SALES], works=False),
            asset("after_broken", [BROKEN]),
        ],
        asset_checks=[green, red],
        executor=dg.in_process_executor,
    )


def run_history(instance: dg.DagsterInstance) -> None:
    """Twelve days in which one asset fails, the last of them again with one more, and one day alone."""
    job = small_graph().resolve_implicit_global_asset_job_def()

    def run(run_id: str, selection: list[dg.AssetKey] | None, **options: Any) -> None:  # noqa: ANN401  as Dagster's own
        job.execute_in_process(
            instance=instance, run_id=run_id, asset_selection=selection, raise_on_error=False, **options
        )

    run(RUNS[0], None, tags=range_tags(*MOST_DAYS))
    run(RUNS[1], [LANDED, SALES], tags=range_tags(*LAST_DAYS))
    run(RUNS[2], [LANDED], partition_key=ONE_DAY)


def range_tags(start: str, end: str) -> dict[str, str]:
    return {"dagster/asset_partition_range_start": start, "dagster/asset_partition_range_end": end}


def local_instance(folder: Path, storage: type[SqliteEventLogStorage]) -> dg.DagsterInstance:
    event_log = {
        "module": storage.__module__,
        "class": storage.__name__,
        "config": {"base_dir": str(folder / "events")},
    }
    quiet = {"telemetry": {"enabled": False}, "python_logs": {"python_log_level": "CRITICAL"}}
    return dg.DagsterInstance.local_temp(str(folder), overrides={"event_log_storage": event_log, **quiet})


class Histories(NamedTuple):
    """The same runs in two instances, and the batches that Dagster handed to the second."""

    stock: dg.DagsterInstance
    batched: dg.DagsterInstance
    batches: list[Counter[str]]


@pytest.fixture(scope="module")
def histories(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Histories]:
    batches: list[Counter[str]] = []
    store = BatchedSqliteEventLogStorage.store_event_batch

    def spy(storage: BatchedSqliteEventLogStorage, events: Sequence[EventLogEntry]) -> None:
        batches.append(Counter(event.get_dagster_event().event_type_value for event in events))
        store(storage, events)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BatchedSqliteEventLogStorage, "store_event_batch", spy)
        patch.setenv(BATCH_SIZE_VARIABLE, "0")
        with local_instance(tmp_path_factory.mktemp("stock"), SqliteEventLogStorage) as stock:
            run_history(stock)
            patch.setenv(BATCH_SIZE_VARIABLE, "8")  # less than the days of the first run
            with local_instance(tmp_path_factory.mktemp("batched"), BatchedSqliteEventLogStorage) as batched:
                run_history(batched)
                yield Histories(stock, batched, list(batches))


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[BatchedSqliteEventLogStorage]:
    """An empty storage of ours."""
    with pytest.MonkeyPatch.context() as environment:  # which the storage sets
        environment.setenv(BATCH_SIZE_VARIABLE, "8")
        opened = BatchedSqliteEventLogStorage(str(tmp_path / "events"))
        yield opened
        opened.dispose()


def observation(day: int, *, run_id: str = "run") -> EventLogEntry:
    """An event that Dagster batches, with a tag that is indexed."""
    observed = dg.AssetObservation(LANDED, partition=f"2025-07-{day:02d}", tags={DATA_VERSION_TAG: f"v{day}"})
    event = DagsterEvent("ASSET_OBSERVATION", "job", event_specific_data=AssetObservationData(observed))
    return EventLogEntry(None, 10, "", run_id, float(day), job_name="job", dagster_event=event)


def rows_of(folder: Path) -> dict[str, list[dict[str, object]]]:
    """Every row of every table of every shard, without the clock: times, durations, process ids and random names."""
    tables = {}
    for shard in sorted(folder.glob("*.db")):
        connection = sqlite3.connect(shard)
        connection.row_factory = sqlite3.Row
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            tables[f"{shard.stem}.{table}"] = [
                {name: without_clock(row[name]) for name in row.keys() if not name.endswith("timestamp")}  # noqa: SIM118
                for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
            ]
        connection.close()
    del tables["index.secondary_indexes"]  # when the file was made
    return tables


def without_clock(value: object) -> object:
    if not isinstance(value, str):
        return value
    if "LOGS_CAPTURED" in value:
        return "?"
    return re.sub(r'\d+(\.\d+)?(ms|s)\b|(timestamp|duration_ms|pid)"?[:=] ?[\d.]+', "?", value)


def events_folder(instance: dg.DagsterInstance) -> Path:
    return Path(instance.storage_directory()).parent / "events"


def test_both_storages_hold_the_same_rows(histories: Histories) -> None:
    stock, batched = (rows_of(events_folder(instance)) for instance in histories[:2])
    assert {name: len(rows) for name, rows in stock.items()} == {name: len(rows) for name, rows in batched.items()}
    for name, rows in stock.items():
        assert batched[name] == rows, name
    assert len(stock["index.event_logs"]) > 6 * 12
    assert stock["index.asset_event_tags"]


QUESTIONS: dict[str, Callable[[dg.DagsterInstance], Any]] = {
    "the log of each run": lambda i: [
        [(e.dagster_event_type, e.step_key, e.dagster_event and e.dagster_event.partition) for e in i.all_logs(run)]
        for run in RUNS
    ],
    "the newest materializations": lambda i: [
        (r.storage_id, r.partition_key, r.asset_materialization)
        for r in i.fetch_materializations(LANDED, limit=100).records
    ],
    "the newest plan": lambda i: [i.event_log_storage.get_latest_planned_materialization_info(key) for key in ALL_KEYS],
    "which days are there": lambda i: [i.get_materialized_partitions(key) for key in ALL_KEYS],
    "how each day stands": lambda i: [
        i.get_status_by_partition(key, DAYS.get_partition_keys(), DAYS) for key in ALL_KEYS
    ],
    "which days were planned and failed": lambda i: [
        i.event_log_storage.get_latest_asset_partition_materialization_attempts_without_materializations(key)
        for key in ALL_KEYS
    ],
    "the newest event of each day": lambda i: [
        i.event_log_storage.get_latest_storage_id_by_partition(key, dg.DagsterEventType.ASSET_MATERIALIZATION)
        for key in ALL_KEYS
    ],
    "the data version of each day": lambda i: i.event_log_storage.get_latest_tags_by_partition(
        LANDED, dg.DagsterEventType.ASSET_MATERIALIZATION, [DATA_VERSION_TAG]
    ),
    "the newest event of each asset": lambda i: [
        (r.asset_entry.asset_key, r.asset_entry.last_run_id, r.asset_entry.last_materialization_storage_id)
        for r in i.get_asset_records(ALL_KEYS)
    ],
    "what the checks found": lambda i: [
        (name, r.run_id, r.status, without_clock(repr(r.event and r.event.dagster_event)))
        for name in ["green", "red"]
        for r in i.event_log_storage.get_asset_check_execution_history(dg.AssetCheckKey(SALES, name), limit=10)
    ],
    "the figures of each run": lambda i: [
        (s.run_id, s.steps_succeeded, s.steps_failed, s.materializations) for s in map(i.get_run_stats, RUNS)
    ],
    "how each step went": lambda i: [
        (s.step_key, s.status, s.attempts, len(s.materialization_events)) for s in i.get_run_step_stats(RUNS[0])
    ],
    "how each run ended": lambda i: [(r.run_id, r.status) for r in i.get_runs()],
    "which runs failed": lambda i: [
        r.run_id for r in i.fetch_run_status_changes(dg.DagsterEventType.RUN_FAILURE, limit=10).records
    ],
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_the_ui_gets_the_same_answers(question: Callable[[dg.DagsterInstance], Any], histories: Histories) -> None:
    expected = question(histories.stock)
    assert expected
    assert question(histories.batched) == expected


def test_a_failed_run_keeps_every_day_that_was_made_before(histories: Histories) -> None:
    failed = histories.batched.get_run_by_id(RUNS[0])
    assert failed is not None
    assert failed.status is DagsterRunStatus.FAILURE
    assert len(histories.batched.get_materialized_partitions(SALES)) == 13
    assert histories.batched.get_materialized_partitions(BROKEN) == set()


def test_a_batch_costs_one_transaction_in_each_shard(storage: BatchedSqliteEventLogStorage) -> None:
    storage.store_event(observation(1))
    commits: list[str] = []

    def count(connection: sa.Connection) -> None:
        commits.append(Path(str(connection.engine.url.database)).stem)

    sa.event.listen(sa.Engine, "commit", count)
    storage.store_event_batch([observation(day) for day in range(2, 31)])
    sa.event.remove(sa.Engine, "commit", count)
    assert commits == ["run", "index"]


@pytest.mark.parametrize("refusing", ["_store_asset_event_tags", "_store_asset_event", "run_connection"])
def test_a_refused_batch_leaves_nothing_behind(
    refusing: str, storage: BatchedSqliteEventLogStorage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    storage.store_event(observation(1))
    before = rows_of(tmp_path / "events")

    def refuse(*_: object) -> None:
        raise sqlite3.OperationalError

    monkeypatch.setattr(storage, refusing, refuse)
    with pytest.raises(sqlite3.OperationalError):
        storage.store_event_batch([observation(2), observation(3)])
    assert rows_of(tmp_path / "events") == before


def test_events_of_all_kinds_and_several_runs_make_one_batch(
    histories: Histories, storage: BatchedSqliteEventLogStorage, tmp_path: Path
) -> None:
    events = [event for run in RUNS[1:] for event in histories.stock.all_logs(run, BATCH_WRITABLE_EVENTS)]
    events[-1] = observation(1, run_id=RUNS[1])  # so the last run has planned, another has materialized
    stock = SqliteEventLogStorage(str(tmp_path / "stock"))
    for event in events:
        stock.store_event(event)
    storage.store_event_batch(events)
    assert len({event.dagster_event_type for event in events}) == 4
    expected, found = rows_of(tmp_path / "stock"), rows_of(tmp_path / "events")
    for rows in [expected["index.asset_keys"], found["index.asset_keys"]]:
        rows.sort(key=lambda row: str(row["asset_key"]))
        for row in rows:
            del row["id"]  # assets enter the index in another order
    assert found == expected


def test_two_writers_never_mix_up_their_ids(storage: BatchedSqliteEventLogStorage, tmp_path: Path) -> None:
    other = BatchedSqliteEventLogStorage(str(tmp_path / "events"))
    days = range(1, 29)

    def write(name: str, writer: BatchedSqliteEventLogStorage) -> None:
        for _ in range(5):
            writer.store_event_batch([observation(day, run_id=name) for day in days])

    with ThreadPoolExecutor(3) as pool:
        # two threads share one storage, as a webserver's do; the third writes like another process
        for written in [pool.submit(write, f"run{n}", writer) for n, writer in enumerate([storage, storage, other])]:
            written.result()
    other.dispose()
    rows = rows_of(tmp_path / "events")
    assert len(rows["index.event_logs"]) == 3 * 5 * len(days)
    events = {row["id"]: row["partition"] for row in rows["index.event_logs"]}
    assert all(
        events[tag["event_id"]] == f"2025-07-{str(tag['value'])[1:]:0>2}" for tag in rows["index.asset_event_tags"]
    )


def test_the_ui_sees_a_run_while_it_goes(storage: BatchedSqliteEventLogStorage, tmp_path: Path) -> None:
    storage.store_event(observation(1))
    reader = BatchedSqliteEventLogStorage(str(tmp_path / "events"))
    seen = threading.Event()

    def callback(*_: object) -> None:
        seen.set()

    reader.watch("run", None, callback)
    storage.store_event_batch([observation(2), observation(3)])
    assert seen.wait(10)
    reader.dispose()


def test_the_index_is_closed_with_the_storage(storage: BatchedSqliteEventLogStorage, tmp_path: Path) -> None:
    storage.store_event_batch([observation(1), observation(2)])
    assert (tmp_path / "events" / "index.db-wal").exists()  # SQLite removes it when the last connection is closed
    storage.dispose()
    assert not (tmp_path / "events" / "index.db-wal").exists()


@pytest.mark.parametrize(("chosen", "used"), [(None, "1000"), ("7", "7"), ("0", "0")])
def test_batching_is_on_unless_the_user_says_otherwise(
    chosen: str | None, used: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BATCH_SIZE_VARIABLE, chosen or "")
    if chosen is None:
        monkeypatch.delenv(BATCH_SIZE_VARIABLE)
    with local_instance(tmp_path, BatchedSqliteEventLogStorage) as instance:
        assert isinstance(instance.event_log_storage, BatchedSqliteEventLogStorage)
        assert instance._get_event_batch_size() == int(used)  # noqa: SLF001  read anew from the environment each time


def test_dagster_batches_the_plans_of_a_run_and_the_days_of_an_asset(histories: Histories) -> None:
    batches = histories.batches
    plans = [batch for batch in batches if batch.keys() - {"ASSET_MATERIALIZATION"}]
    assert sum(plans[:7], Counter()) == {"ASSET_MATERIALIZATION_PLANNED": 4 * 12, "ASSET_CHECK_EVALUATION_PLANNED": 2}
    assert plans[7:] == [{"ASSET_MATERIALIZATION_PLANNED": 2 * 3, "ASSET_CHECK_EVALUATION_PLANNED": 2}]
    days = [batch["ASSET_MATERIALIZATION"] for batch in batches if batch not in plans]
    assert days == [8, 4, 8, 4, 3, 3]  # the run of one day planned and made one day: no batches


def test_dagster_stores_a_batch_when_its_last_event_arrives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(BATCH_SIZE_VARIABLE, "8")
    with local_instance(tmp_path, BatchedSqliteEventLogStorage) as instance:
        instance.handle_new_event(observation(1), batch_metadata=DagsterEventBatchMetadata("a", is_end=False))
        assert instance.all_logs("run") == []  # what a kill at this moment would lose
        instance.handle_new_event(observation(2), batch_metadata=DagsterEventBatchMetadata("a", is_end=True))
        assert len(instance.all_logs("run")) == 2


def test_dagster_batches_only_events_that_the_index_mirrors() -> None:
    assert BATCH_WRITABLE_EVENTS <= ASSET_EVENTS | ASSET_CHECK_EVENTS
    assert BATCH_WRITABLE_EVENTS.isdisjoint(EVENT_TYPE_TO_PIPELINE_RUN_STATUS)


def test_the_stock_storage_still_stores_a_batch_event_by_event(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored: list[EventLogEntry] = []
    monkeypatch.setattr(SqliteEventLogStorage, "store_event", lambda _, event: stored.append(event))
    events = [observation(1), observation(2)]
    SqliteEventLogStorage(str(tmp_path)).store_event_batch(events)
    assert stored == events
