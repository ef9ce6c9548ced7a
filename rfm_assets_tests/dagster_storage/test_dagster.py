"""Characterizes the Dagster behaviour that the storage relies on; read these first after an upgrade."""

from pathlib import Path

import dagster as dg
import pytest
from dagster._core import events as core
from dagster._core.storage.event_log import SqliteEventLogStorage

from rfm_assets.dagster_storage.event_log import BATCH_SIZE_VARIABLE
from rfm_assets_tests.dagster_storage.histories import BATCH_SIZE, Histories, observation

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::dagster.BetaWarning")]


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
        assert instance.all_logs("run") == []  # lost if the process were killed now
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
