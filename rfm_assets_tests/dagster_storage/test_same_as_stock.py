"""The batched event log equals the stock one: the same rows, and the same answers for the UI."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.definitions.data_version import DATA_VERSION_TAG
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus

from rfm_assets_tests.dagster_storage.histories import (
    BROKEN,
    DAYS,
    KEYS,
    LANDED,
    RUNS,
    SALES,
    Histories,
    rows_of,
    without_clock,
)

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::dagster.BetaWarning")]


def test_both_storages_hold_the_same_rows(histories: Histories) -> None:
    stock, batched = (rows_of(Path(instance.storage_directory()).parent / "events") for instance in histories[:2])
    assert batched.keys() == stock.keys()
    found_by_checks = [tables.pop("index.asset_check_executions") for tables in (stock, batched)]
    stock_checks, batched_checks = ([row | {"id": 0} for row in rows] for rows in found_by_checks)
    # The stock storage also keeps the plans for each day, which nothing ever reads again.
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
