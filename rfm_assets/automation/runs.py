"""What Dagster knows of the daily refresh's runs: which days are under way, and how those of a day ended."""

import time
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, timedelta

import dagster as dg

from rfm_assets.automation.jobs import daily_refresh
from rfm_assets.automation.run_outcomes import error_names
from rfm_assets.errors import RefusedFileError
from rfm_assets.partitions import days_between, days_of_tags

_UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
_ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
_LOOKED_BACK = 100  # runs
_LAUNCHED_WITHIN_SECONDS = 300  # of being made; whoever makes a run launches it at once, unless it is killed in between
_RETRIED_WITHIN_SECONDS = 300  # after a failure; Dagster's daemon does it within seconds
_FAULTS_OF_FILES = {RefusedFileError.__name__}


def is_under_way(instance: dg.DagsterInstance, day: date) -> bool:
    """Whether a run that covers the day is queued or in progress."""
    return any(any(_of(instance, day, wanted)) for wanted in _under_way())


def has_failed(instance: dg.DagsterInstance, day: date) -> bool:
    """Whether the newest of the recent runs that cover the day did not succeed."""
    newest = next(_of(instance, day, dg.RunsFilter(job_name=daily_refresh.name, statuses=_ENDED)), None)
    return newest is not None and newest.status is not dg.DagsterRunStatus.SUCCESS


def is_anything_to_come(instance: dg.DagsterInstance) -> bool:
    """Whether a run is queued or in progress, or has crashed and is about to be tried again."""
    if any(instance.get_runs_count(wanted) for wanted in _under_way()):
        return True
    failed = dg.RunsFilter(job_name=daily_refresh.name, statuses=[dg.DagsterRunStatus.FAILURE])
    since = time.time() - _RETRIED_WITHIN_SECONDS
    return any(
        record.dagster_run.is_complete_and_waiting_to_retry and (record.end_time or 0) > since
        for record in instance.get_run_records(failed, limit=_LOOKED_BACK)
    )


def failed_days(instance: dg.DagsterInstance) -> Collection[date]:
    """The days whose newest run, of the recent ones, failed for another reason than their files."""
    newest: dict[date, dg.DagsterRun] = {}
    for run in instance.get_runs(dg.RunsFilter(job_name=daily_refresh.name, statuses=_ENDED), limit=_LOOKED_BACK):
        if days := days_of_tags(run.tags):
            for day in days_between(*days):
                newest.setdefault(day, run)
    failed = {run.run_id for run in newest.values() if run.status is dg.DagsterRunStatus.FAILURE}
    blameless = {run_id for run_id in failed if not _files_are_to_blame(instance, run_id)}
    return {day for day, run in newest.items() if run.run_id in blameless}


def _files_are_to_blame(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Whether a run failed because of what is in its files, as it would again."""
    for entry in instance.all_logs(run_id, of_type=dg.DagsterEventType.STEP_FAILURE):
        error = entry.dagster_event.step_failure_data.error if entry.dagster_event else None
        if error and _FAULTS_OF_FILES.intersection(error_names(error)):
            return True
    return False


def ended_with_key(instance: dg.DagsterInstance, run_key: str) -> int:
    """How many runs with this key, or one of its repetitions, are over."""
    keys = [run_key, *(f"{run_key}!{n}" for n in range(1, _LOOKED_BACK))]
    return instance.get_runs_count(dg.RunsFilter(tags={"dagster/run_key": keys}, statuses=_ENDED))


def _under_way() -> Iterator[dg.RunsFilter]:
    """Runs that are queued or in progress, and those just made; one that was never launched will not be."""
    yield dg.RunsFilter(job_name=daily_refresh.name, statuses=_UNDER_WAY)
    just_now = datetime.now(UTC) - timedelta(seconds=_LAUNCHED_WITHIN_SECONDS)
    made = [dg.DagsterRunStatus.NOT_STARTED]
    yield dg.RunsFilter(job_name=daily_refresh.name, statuses=made, created_after=just_now)


def _of(instance: dg.DagsterInstance, day: date, wanted: dg.RunsFilter) -> Iterator[dg.DagsterRun]:
    for run in instance.get_runs(wanted, limit=_LOOKED_BACK):  # the newest first
        days = days_of_tags(run.tags)
        if days and days[0] <= day <= days[1]:
            yield run
