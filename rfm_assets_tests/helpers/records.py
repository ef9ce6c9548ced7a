"""Where runs of tests keep Dagster's records."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest.mock import patch

import dagster as dg
from dagster._core.storage.event_log import InMemoryEventLogStorage

if TYPE_CHECKING:
    from dagster._core.events.log import EventLogEntry


@contextmanager
def without_event_log() -> Iterator[dg.DagsterInstance]:
    """An instance that forgets events: whoever asks a run's result for them needs no log, which costs half of a run."""

    def forget(self: InMemoryEventLogStorage, event: "EventLogEntry") -> None:
        pass

    with patch.object(InMemoryEventLogStorage, "store_event", forget), dg.DagsterInstance.ephemeral() as instance:
        yield instance
