"""What Dagster knows of the daily refresh's runs: which days are in progress, and how each day's runs ended."""

import time
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, timedelta

import dagster as dg

from rfm_assets.automation.arrivals import EndedDays
from rfm_assets.automation.jobs import daily_refresh
from rfm_assets.automation.run_outcomes import error_names, is_red
from rfm_assets.automation.shop import is_of
from rfm_assets.errors import RefusedFileError
from rfm_assets.partitions import days_between, days_of_tags
from rfm_assets.silver.usable import NEWEST_DAY_IS_USABLE
from rfm_assets.tables.check_results import days_at_fault

_UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
_ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
_LOOKED_BACK = 100  # runs
_LAUNCHED_WITHIN_SECONDS = 300  # of being created; a run is launched at once, unless its creator is killed in between
_RETRIED_WITHIN_SECONDS = 300  # after a failure; Dagster's daemon does it within seconds
_FAULTS_OF_FILES = {RefusedFileError.__name__}


def is_under_way(instance: dg.DagsterInstance, day: date) -> bool:
    """Whether a run that covers the day is queued or in progress."""
    return any(any(_of(instance, day, wanted)) for wanted in _under_way())


def has_failed(instance: dg.DagsterInstance, day: date, shop: str | None = None) -> bool:
    """Whether the latest recent run of this shop that covers the day did not succeed."""
    ended = _of(instance, day, dg.RunsFilter(job_name=daily_refresh.name, statuses=_ENDED))
    newest = next((run for run in ended if is_of(run, shop)), None)
    return newest is not None and newest.status is not dg.DagsterRunStatus.SUCCESS


def is_anything_to_come(instance: dg.DagsterInstance) -> bool:
    """Whether a run is queued, in progress, or about to be retried after a crash."""
    if any(instance.get_runs_count(wanted) for wanted in _under_way()):
        return True
    failed = dg.RunsFilter(job_name=daily_refresh.name, statuses=[dg.DagsterRunStatus.FAILURE])
    since = time.time() - _RETRIED_WITHIN_SECONDS
    return any(
        record.dagster_run.is_complete_and_waiting_to_retry and (record.end_time or 0) > since
        for record in instance.get_run_records(failed, limit=_LOOKED_BACK)
    )


def ended_days(instance: dg.DagsterInstance, shop: str | None = None) -> EndedDays:
    """How this shop's recent runs ended, by day."""
    newest: dict[date, dg.DagsterRun] = {}
    for run in instance.get_runs(dg.RunsFilter(job_name=daily_refresh.name, statuses=_ENDED), limit=_LOOKED_BACK):
        if is_of(run, shop) and (days := days_of_tags(run.tags)):
            for day in days_between(*days):
                newest.setdefault(day, run)
    runs = {run.run_id: run for run in newest.values() if run.status is dg.DagsterRunStatus.FAILURE}
    became = [(run_id, _days_of_failure(instance, run)) for run_id, run in runs.items()]

    def its_own(run_id: str, days: Collection[date]) -> set[date]:
        return {day for day in days if newest[day].run_id == run_id}

    return EndedDays(
        failed=frozenset().union(*(its_own(run_id, days.failed) for run_id, days in became)),
        blamed=frozenset().union(*(its_own(run_id, days.blamed) for run_id, days in became)),
        waiting=frozenset().union(*(its_own(run_id, days.waiting) for run_id, days in became)),
        canceled=frozenset(day for day, run in newest.items() if run.status is dg.DagsterRunStatus.CANCELED),
    )


def _days_of_failure(instance: dg.DagsterInstance, run: dg.DagsterRun) -> EndedDays:
    """What made a run fail, for each of its days."""
    wanted = {dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.ASSET_CHECK_EVALUATION}
    days, errors, red = frozenset(days_between(*(days_of_tags(run.tags) or ()))), set[str](), []
    for entry in instance.all_logs(run.run_id, of_type=wanted):
        event = entry.dagster_event
        if event and event.is_step_failure:
            errors.update(error_names(event.step_failure_data.error))
        elif event and is_red(event.asset_check_evaluation_data):
            red.append(event.asset_check_evaluation_data)
    if _FAULTS_OF_FILES & errors:
        return EndedDays(blamed=days)
    blamed = days & frozenset().union(*map(days_at_fault, red))
    if {found.check_name for found in red if found.blocking} != {NEWEST_DAY_IS_USABLE.name}:
        return EndedDays(failed=days - blamed, blamed=blamed)
    # Days after those at fault may succeed without them; days before have nothing new.
    last_bad = max(blamed, default=max(days) - timedelta(days=1))
    failed = frozenset(day for day in days if day > last_bad)
    return EndedDays(failed, blamed, days - failed - blamed)


def ended_with_key(instance: dg.DagsterInstance, run_key: str) -> int:
    """How many runs with this key, or a repeat of it, have finished."""
    keys = [run_key, *(f"{run_key}!{n}" for n in range(1, _LOOKED_BACK))]
    return instance.get_runs_count(dg.RunsFilter(tags={"dagster/run_key": keys}, statuses=_ENDED))


def _under_way() -> Iterator[dg.RunsFilter]:
    """Runs that are queued or in progress, and runs just created; an older run not launched yet never will be."""
    yield dg.RunsFilter(job_name=daily_refresh.name, statuses=_UNDER_WAY)
    just_now = datetime.now(UTC) - timedelta(seconds=_LAUNCHED_WITHIN_SECONDS)
    made = [dg.DagsterRunStatus.NOT_STARTED]
    yield dg.RunsFilter(job_name=daily_refresh.name, statuses=made, created_after=just_now)


def _of(instance: dg.DagsterInstance, day: date, wanted: dg.RunsFilter) -> Iterator[dg.DagsterRun]:
    for run in instance.get_runs(wanted, limit=_LOOKED_BACK):  # the newest first
        days = days_of_tags(run.tags)
        if days and days[0] <= day <= days[1]:
            yield run
