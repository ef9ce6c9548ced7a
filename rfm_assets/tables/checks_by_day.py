"""Check results by day, each with its materialization, so that a bad day in a run of 307 is red on its own.

By default Dagster has one result per check and run. A step may instead yield an evaluation for each partition; the UI
then shows the check's state day by day.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime

import dagster as dg
from dagster._core.definitions.asset_checks.asset_check_evaluation import (
    AssetCheckEvaluationTargetMaterializationData as Target,
)

from rfm_assets.contracts import Table
from rfm_assets.partitions import days_between, run_days
from rfm_assets.tables.check import Check, Counted, days_of
from rfm_assets.tables.check_results import result_of
from rfm_assets.warehouse.protocols import Connection
from rfm_assets.warehouse.query import bind

_SHOWN = 3
"""How many of a check's worst days get a sample of rows and forms; the others get a count."""
_PAGE = 1000
"""Materializations per query, well below the event log's limit."""

Reported = Iterator[dg.AssetCheckEvaluation | dg.Output[None]]


def report_days(
    context: dg.AssetExecutionContext, checks: Sequence[Check], table: Table, connection: Connection
) -> Reported:
    """Yields each check's result for each day of the run, and then the check's output."""
    if not checks:
        return
    targets = _targets(context, table)
    for check, counts in zip(checks, count_by_day(checks, table, connection, *run_days(context)), strict=True):
        worst = sorted((day for day in counts if counts[day].failed), key=lambda day: -counts[day].failed)[:_SHOWN]
        for day, counted in counts.items():
            span = (day, day) if day in worst else None
            found = result_of(check, table, counted._replace(red_span=span), connection, ())
            yield _evaluation(check, table, found, targets.get(str(day)), day=str(day))
        yield _done(check, table)


def report_only_day(
    context: dg.AssetExecutionContext, checks: Sequence[Check], table: Table, results: Iterable[dg.AssetCheckResult]
) -> Reported:
    """Yields the output and the result of each check of the run's only day.

    All share one materialization, which Dagster would look up for each of them.
    """
    day, by_name = context.partition_key, {check.name: check for check in checks}
    target = _target(context, table, day) if checks else None
    for found in results:
        check = by_name[str(found.check_name)]
        yield _done(check, table)
        yield _evaluation(check, table, found, target, day=day if check.per_day else None)


def _evaluation(
    check: Check, table: Table, found: dg.AssetCheckResult, target: Target | None, *, day: str | None
) -> dg.AssetCheckEvaluation:
    return dg.AssetCheckEvaluation(
        asset_key=table.asset_key,
        check_name=check.name,
        passed=found.passed,
        severity=found.severity,
        description=found.description,
        metadata=found.metadata,
        blocking=check.blocking,
        partition=day,
        target_materialization_data=target,
    )


def _done(check: Check, table: Table) -> dg.Output[None]:
    return dg.Output(None, output_name=f"{table.asset_key.to_python_identifier()}_{check.name}")


def count_by_day(
    checks: Sequence[Check], table: Table, connection: Connection, first: date, last: date
) -> Sequence[Mapping[date, Counted]]:
    """Counts the rows that break each check, by day, in one statement."""
    counts = [{day: Counted(0, None, None) for day in days_between(first, last)} for _ in checks]
    statement = " UNION ALL ".join(_counting(n, check, table) for n, check in enumerate(checks))
    for n, day, failed, looked_at in connection.execute(bind(statement, first=first, last=last)).fetchall():
        counts[n][day] = Counted(int(failed), None if looked_at is None else int(looked_at), None)
    return counts


def _counting(number: int, check: Check, table: Table) -> str:
    if check.condition:
        counts = f"count(*) FILTER (WHERE {check.condition}) AS failed, count(*) AS looked_at"
        source = f"{table.address} WHERE {days_of(table)}"
    else:
        counts, source = "count(*) AS failed, NULL AS looked_at", f"({check.broken}) AS broken"
    return f"SELECT {number} AS number, {table.day} AS day, {counts} FROM {source} GROUP BY {table.day}"


def _targets(context: dg.AssetExecutionContext, table: Table) -> Mapping[str, Target]:
    """The newest materialization of each day of the run that has one."""
    ids = context.instance.event_log_storage.get_latest_storage_id_by_partition(
        table.asset_key, dg.DagsterEventType.ASSET_MATERIALIZATION, set(context.partition_keys)
    )
    if table.asset_key in context.selected_asset_keys:  # this run's, just stored
        now, run_id = datetime.now(UTC).timestamp(), context.run.run_id
        return {day: Target(storage_id=storage_id, run_id=run_id, timestamp=now) for day, storage_id in ids.items()}
    numbers = sorted(ids.values())
    pages = (numbers[start : start + _PAGE] for start in range(0, len(numbers), _PAGE))
    return {
        str(one.partition_key): _target_of(one) for page in pages for one in _materializations(context, table, page)
    }


def _materializations(
    context: dg.AssetExecutionContext, table: Table, storage_ids: Sequence[int]
) -> Sequence[dg.EventLogRecord]:
    stored = dg.AssetRecordsFilter(asset_key=table.asset_key, storage_ids=storage_ids)
    found: Sequence[dg.EventLogRecord] = context.instance.fetch_materializations(stored, limit=len(storage_ids)).records
    return found


def _target(context: dg.AssetExecutionContext, table: Table, day: str) -> Target | None:
    """The newest materialization of a day, if it has any."""
    of_day = dg.AssetRecordsFilter(asset_key=table.asset_key, asset_partitions=[day])
    newest = context.instance.fetch_materializations(of_day, limit=1).records
    return next(map(_target_of, newest), None)


def _target_of(record: dg.EventLogRecord) -> Target:
    return Target(storage_id=record.storage_id, run_id=record.run_id, timestamp=record.timestamp)
