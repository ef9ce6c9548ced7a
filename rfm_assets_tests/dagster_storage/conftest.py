"""Event logs to inspect: two with the same history, and one with a single event to write to."""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage

from rfm_assets.dagster_storage.event_log import BATCH_SIZE_VARIABLE, BatchedSqliteEventLogStorage
from rfm_assets_tests.dagster_storage.histories import BATCH_SIZE, Histories, local_instance, observation, run_history


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
    """The shards of a storage with one event, created once because that takes Dagster a while."""
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
