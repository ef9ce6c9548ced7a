"""What Dagster knows of the daily refresh's runs: which days are under way, and how those of a day ended."""

from collections.abc import Iterator, Sequence
from datetime import date

import dagster as dg

from rfm_assets.automation.jobs import daily_refresh
from rfm_assets.partitions import days_of_tags

_UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
_ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
_LOOKED_BACK = 100  # runs


def is_under_way(instance: dg.DagsterInstance, day: date) -> bool:
    """Whether a run that covers the day is queued or in progress."""
    return any(_of(instance, day, _UNDER_WAY))


def has_failed(instance: dg.DagsterInstance, day: date) -> bool:
    """Whether the newest of the recent runs that cover the day did not succeed."""
    newest = next(_of(instance, day, _ENDED), None)
    return newest is not None and newest.status is not dg.DagsterRunStatus.SUCCESS


def ended_with_key(instance: dg.DagsterInstance, run_key: str) -> int:
    """How many runs with this key, or one of its repetitions, are over."""
    keys = [run_key, *(f"{run_key}!{n}" for n in range(1, _LOOKED_BACK))]
    return instance.get_runs_count(dg.RunsFilter(tags={"dagster/run_key": keys}, statuses=_ENDED))


def _of(instance: dg.DagsterInstance, day: date, statuses: Sequence[dg.DagsterRunStatus]) -> Iterator[dg.DagsterRun]:
    wanted = dg.RunsFilter(job_name=daily_refresh.name, statuses=statuses)
    for run in instance.get_runs(wanted, limit=_LOOKED_BACK):  # the newest first
        days = days_of_tags(run.tags)
        if days and days[0] <= day <= days[1]:
            yield run
