"""A batch takes few transactions, is stored completely or not at all, and stays visible to readers."""

import shutil
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from dagster._core import events as core
from dagster._core.storage.event_log import SqliteEventLogStorage

from rfm_assets.dagster_storage.event_log import BATCH_SIZE_VARIABLE, BatchedSqliteEventLogStorage
from rfm_assets_tests.dagster_storage.histories import RUNS, Histories, observation, rows_of

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::dagster.BetaWarning")]


def test_events_of_all_kinds_and_several_runs_make_one_batch(
    histories: Histories, storage: BatchedSqliteEventLogStorage, events_folder: Path, tmp_path: Path
) -> None:
    events = [*histories.stock.all_logs(RUNS[1], core.BATCH_WRITABLE_EVENTS), observation(2)]
    planned = next(event for event in events if event.get_dagster_event().is_asset_materialization_planned)
    events.append(observation(3)._replace(dagster_event=planned.dagster_event))  # by another run, after all the others
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


def test_what_a_step_yields_is_stored_with_its_end(
    histories: Histories, storage: BatchedSqliteEventLogStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BATCH_SIZE_VARIABLE, "100")
    logged = histories.stock.all_logs(RUNS[0])
    waiting = {"STEP_OUTPUT", "HANDLED_OUTPUT", "ASSET_CHECK_EVALUATION"}
    of_step = [event for event in logged if event.dagster_event and event.dagster_event.event_type_value in waiting]
    end = next(event for event in logged if event.dagster_event and event.dagster_event.is_step_success)
    for event in of_step:
        storage.store_event(event)
    assert storage.get_logs_for_run(RUNS[0]) == []
    storage.store_event(end)
    assert storage.get_logs_for_run(RUNS[0]) == [*of_step, end]


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
