"""Dagster's SQLite event log, storing the events of many days in one transaction instead of thousands.

A range run reports two events per asset and day, planned and materialized. The stock storage opens new connections
for each of them, to the file of the run and to the index that all runs share: some 20 ms an event, minutes for a
history whose SQL takes seconds.

**What is batched.** With `DAGSTER_EVENT_BATCH_SIZE` above 0, Dagster collects the planned events of a run (assets and
checks) while the run is created, and the materializations or observations of one asset's partitions while its step
ends; a batch reaches `store_event_batch` when it is complete or full. Dagster reports one by one what a step yields:
its outputs and check results. Here they wait for the next event of their run that is neither, such as the end of the
step, and are stored with it in one transaction. Everything else (logs, step and run events, a materialization without
a partition) is stored at once.

**What can be lost.** Materializations are stored after the IO manager has written the rows, with no user code in
between. Outputs and check results wait for the end of their step, while its other checks run; a failing asset, check or
later step loses none. A process killed meanwhile loses them, one batch at most: its days are in the warehouse, but not
all shown as materialized or checked, and a second run repairs that. The opposite, a day shown as materialized without
its rows, cannot happen.

This file leans on internals of Dagster 1.13: the shards of `SqliteEventLogStorage`, its `_connect`, and the helpers
that its `store_event` is made of. The tests compare it with the stock storage table by table and hold each assumption;
let them be green before upgrading Dagster. The stock class named in dagster.yaml reads and writes the same files.
"""

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Self

import sqlalchemy as sa
from dagster._core.events import (
    ASSET_CHECK_EVENTS,
    ASSET_EVENTS,
    BATCH_WRITABLE_EVENTS,
    EVENT_TYPE_TO_PIPELINE_RUN_STATUS,
    DagsterEventType,
)
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable, SqlEventLogStorageTable
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME, SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster_shared.record import copy
from dagster_shared.serdes import serialize_value

if TYPE_CHECKING:
    from dagster._core.events.log import EventLogEntry
    from dagster._serdes import ConfigurableClassData

BATCH_SIZE_VARIABLE = "DAGSTER_EVENT_BATCH_SIZE"
DEFAULT_BATCH_SIZE = 1000
"""Almost three years of one asset in one transaction, in a few megabytes."""

_WAIT = {DagsterEventType.STEP_OUTPUT, DagsterEventType.HANDLED_OUTPUT, DagsterEventType.ASSET_CHECK_EVALUATION}
"""What a step reports on its way: another event of its run follows each, at the latest the end of the step."""

_MIRRORED = ASSET_EVENTS | ASSET_CHECK_EVENTS | set(EVENT_TYPE_TO_PIPELINE_RUN_STATUS)
"""What the index has, too."""


class BatchedSqliteEventLogStorage(SqliteEventLogStorage):
    """The stock SQLite event log with one transaction per shard and batch, and with batching switched on.

    Every process that holds a Dagster instance constructs its event log, so that is where batching is switched on.
    A batch size that the user has set wins; 0 switches batching off.
    """

    def __init__(self, base_dir: str, inst_data: "ConfigurableClassData | None" = None) -> None:
        self._shard_lock = threading.RLock()
        self._open_shards: dict[str, sa.Connection] = {}
        self._waiting: dict[str, list[EventLogEntry]] = {}
        self._known_tables: set[str] = set()
        self._known_columns: set[str] = set()
        super().__init__(base_dir, inst_data)
        os.environ.setdefault(BATCH_SIZE_VARIABLE, str(DEFAULT_BATCH_SIZE))

    @classmethod
    def from_config_value(cls, inst_data: "ConfigurableClassData | None", config_value: Mapping[str, Any]) -> Self:
        """Builds the storage from its block in dagster.yaml; the stock method would build the stock class."""
        return cls(inst_data=inst_data, **config_value)

    def store_event(self, event: "EventLogEntry") -> None:
        """Stores an event with what waits of its run; outputs and check results wait for the next event."""
        size = int(os.environ[BATCH_SIZE_VARIABLE])
        if not event.run_id or size == 0:
            super().store_event(event)
            return
        waiting = self._waiting.setdefault(event.run_id, [])
        waiting.append(event)
        if event.dagster_event_type not in _WAIT or len(waiting) >= size:
            self._store_batch(self._waiting.pop(event.run_id))

    def store_event_batch(self, events: "Sequence[EventLogEntry]") -> None:
        """Stores events as `store_event` would one by one, but all of them or none.

        The run's shard is written inside the index's transaction. If either refuses, nothing stays, and the second
        attempt that Dagster makes, event by event, doubles nothing. Only a kill between the two commits leaves the run
        ahead of the index, as it does in the stock storage.
        """
        if not events or any(event.dagster_event_type not in BATCH_WRITABLE_EVENTS for event in events):
            super().store_event_batch(events)
            return
        runs = dict.fromkeys(event.run_id for event in events)
        waiting = [event for run_id in runs for event in self._waiting.pop(run_id, ())]
        self._store_batch([*waiting, *events])

    def _store_batch(self, events: "Sequence[EventLogEntry]") -> None:
        rows = [self._event_to_row(event) for event in events]
        mirrored = [n for n, event in enumerate(events) if event.dagster_event_type in _MIRRORED]
        with ExitStack() as transaction:
            if mirrored:
                index = transaction.enter_context(self.index_connection())
                self._mirror(index, [events[n] for n in mirrored], [rows[n] for n in mirrored])
            for run_id in dict.fromkeys(event.run_id for event in events):
                with self.run_connection(run_id) as run:
                    _insert(run, [row for row in rows if row["run_id"] == run_id])

    def _mirror(
        self, index: sa.Connection, events: "Sequence[EventLogEntry]", rows: "Sequence[Mapping[str, Any]]"
    ) -> None:
        event_ids = _insert(index, rows)
        self._store_asset_event_tags(index, events, event_ids)
        self._store_latest_state(index, events, event_ids)

    def _store_latest_state(
        self, index: sa.Connection, events: "Sequence[EventLogEntry]", event_ids: Sequence[int]
    ) -> None:
        """Updates what the index knows of each check and asset.

        An asset has one row, and each kind of event overwrites its own columns of it: storing the last event of each
        kind, in their order, leaves the row as storing all of them would.
        """
        latest, planned = {}, []
        for event, event_id in zip(events, event_ids, strict=True):
            if event.dagster_event_type is DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED:
                planned.append(self._planned_execution(event, event_id))
            elif event.dagster_event_type in ASSET_CHECK_EVENTS:
                self.store_asset_check_event(event, event_id)
            elif event.dagster_event_type in ASSET_EVENTS:
                latest[event.get_dagster_event().asset_key, event.dagster_event_type] = (event_id, event)
        if planned:
            index.execute(AssetCheckExecutionsTable.insert(), planned)
        for event_id, event in sorted(latest.values(), key=lambda stored: stored[0]):
            self._store_asset_event(index, event, event_id)

    @cached_property
    def supports_asset_checks(self) -> bool:
        """Whether the index has a table for checks; asked twice an event, and it does not change."""
        return bool(super().supports_asset_checks)

    def has_table(self, table_name: str) -> bool:
        """Whether the index has a table; asked for with each materialization, and a table that is there stays."""
        if table_name not in self._known_tables and super().has_table(table_name):
            self._known_tables.add(table_name)
        return table_name in self._known_tables

    def _has_asset_key_col_on_connection(self, conn: sa.Connection, column_name: str) -> bool:
        """Whether the index has a column of assets, asked until it is there."""
        if column_name not in self._known_columns and super()._has_asset_key_col_on_connection(conn, column_name):
            self._known_columns.add(column_name)
        return column_name in self._known_columns

    def _store_asset_check_evaluation_planned(self, event: "EventLogEntry", event_id: int | None) -> None:
        with self.index_connection() as index:
            index.execute(AssetCheckExecutionsTable.insert(), [self._planned_execution(event, event_id)])

    def _planned_execution(self, event: "EventLogEntry", event_id: int | None) -> Mapping[str, Any]:
        """The row of a check that is planned: once for its run, where Dagster plans it once for each of the run's days.

        Most checks report once for the run: Dagster would look for a planned row without a day then, find none, and
        list the rows of all days as executions that never ended. Results by day take the place of this row, see
        `_update_asset_check_evaluation`.
        """
        dagster_event = event.get_dagster_event()
        planned = copy(dagster_event.asset_check_planned_data, partitions_subset=None)
        for_the_run = event._replace(dagster_event=dagster_event._replace(event_specific_data=planned))
        return {
            "asset_key": planned.asset_key.to_string(),
            "check_name": planned.check_name,
            "partition": None,
            "run_id": event.run_id,
            "execution_status": AssetCheckExecutionRecordStatus.PLANNED.value,
            "evaluation_event": serialize_value(for_the_run),
            "evaluation_event_timestamp": self._event_insert_timestamp(event),  # type: ignore[no-untyped-call]
            "evaluation_event_storage_id": event_id,
        }

    def _update_asset_check_evaluation(self, event: "EventLogEntry", event_id: int | None) -> None:
        """Stores what a check found; of a day by itself, it takes the place of what was planned for the run."""
        evaluation = event.get_dagster_event().asset_check_evaluation_data
        if evaluation.partition is not None:
            executions = AssetCheckExecutionsTable
            with self.index_connection() as index:
                index.execute(
                    executions.delete().where(
                        executions.c.asset_key == evaluation.asset_key.to_string(),
                        executions.c.check_name == evaluation.check_name,
                        executions.c.run_id == event.run_id,
                        executions.c.partition.is_(None),
                    )
                )
        super()._update_asset_check_evaluation(event, event_id)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        """Opens a transaction on a shard, or joins the one that this thread has open there.

        Joining lets a batch call the stock helpers, each of which asks for a connection of its own. Engines are kept
        because a new one compiles every statement again, which is most of what an event costs in the stock storage.
        """
        with self._shard_lock:
            if shard in self._open_shards:
                yield self._open_shards[shard]
                return
            engine = self._index_engine if shard == INDEX_SHARD_NAME else _run_engine(self.conn_string_for_shard(shard))
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                before = _changes(connection)
                self._open_shards[shard] = connection
                try:
                    yield connection
                finally:
                    del self._open_shards[shard]
                has_written = _changes(connection) > before
            if has_written:
                # It is in the log beside the file until that is folded in; the UI watches the file to show a run.
                os.utime(self.path_for_shard(shard))

    @cached_property
    def _index_engine(self) -> sa.Engine:
        return _engine(self.conn_string_for_shard(INDEX_SHARD_NAME))

    def dispose(self) -> None:
        """Closes the index, too."""
        super().dispose()
        self._index_engine.dispose()


@lru_cache(maxsize=8)
def _run_engine(conn_string: str) -> sa.Engine:
    return _engine(conn_string)


def _engine(conn_string: str) -> sa.Engine:
    """Keeps one connection: opening one and compiling statements again is most of what an event costs otherwise.

    A commit to the write-ahead log does not wait for the disk. Only a power cut can lose the last ones; none is torn.
    """
    engine = sa.create_engine(
        conn_string,
        pool_size=1,
        connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
    )
    sa.event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = NORMAL"))
    return engine


def _changes(connection: sa.Connection) -> int:
    """Rows written over a connection since it was opened."""
    changes: int = connection.connection.dbapi_connection.total_changes  # type: ignore[union-attr]
    return changes


def _insert(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> Sequence[int]:
    """Inserts events in their order and returns their ids, consecutive since this transaction alone may write."""
    connection.execute(SqlEventLogStorageTable.insert(), rows)
    last: int = connection.execute(sa.text("SELECT last_insert_rowid()")).scalar_one()
    return range(last - len(rows) + 1, last + 1)
