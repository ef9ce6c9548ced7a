"""Where test runs keep Dagster's records."""

import atexit
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING
from unittest.mock import patch

import dagster as dg
from dagster._core.instance.runs.run_domain import RunDomain
from dagster._core.storage.event_log import InMemoryEventLogStorage

if TYPE_CHECKING:
    from dagster._core.event_api import EventRecordsResult
    from dagster._core.events.log import EventLogEntry
    from dagster._core.storage.event_log.base import AssetRecord


class _NoLog(InMemoryEventLogStorage):
    """An event log that stores nothing and needs no query to know it; a real log takes half of a run's time."""

    def store_event(self, event: "EventLogEntry") -> None:
        pass

    def get_asset_records(self, asset_keys: Sequence[dg.AssetKey] | None = None) -> "Sequence[AssetRecord]":  # noqa: ARG002
        return []

    def fetch_observations(self, *_: object, **__: object) -> "EventRecordsResult":
        from dagster._core.event_api import EventRecordsResult

        return EventRecordsResult(records=[], cursor="", has_more=False)


class _NoPlans(RunDomain):
    """Creates runs without a stored plan, which only the UI reads."""

    def ensure_persisted_execution_plan_snapshot(self, *_: object) -> None:
        pass


@cache
def without_event_log() -> dg.DagsterInstance:
    """The instance for all runs of which only the result matters; it ends with this process."""
    with patch("dagster._core.storage.event_log.InMemoryEventLogStorage", _NoLog):
        instance = dg.DagsterInstance.ephemeral()
    instance.run_domain = _NoPlans(instance)
    atexit.register(instance.dispose)
    return instance
