"""Sensors that alert people to failed runs and red checks."""

from collections.abc import Iterator

import dagster as dg

from rfm_assets.automation.notifier import Notifier
from rfm_assets.automation.run_outcomes import findings, root_cause
from rfm_assets.partitions import days_of_tags

_LONGEST_REASON = 1_500
_NO_JOB = "__"  # Dagster's own name for a run of hand-picked assets


@dg.run_failure_sensor(default_status=dg.DefaultSensorStatus.RUNNING, minimum_interval_seconds=30)
def failed_runs(context: dg.RunFailureSensorContext, notifier: dg.ResourceParam[Notifier]) -> None:
    """Sends an alert for each failed run: why its first failed step failed, and what red checks found."""
    reasons = [event.step_failure_data.error for event in context.get_step_failure_events()]
    reason = next((root_cause(error) for error in reasons if error), context.failure_event.message or "")
    text = [reason[:_LONGEST_REASON], *red_checks(context), f"run {context.dagster_run.run_id}"]
    notifier.notify(f"{_of(context)} failed", "\n".join(text))


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=30,
)
def red_checks_of_runs(context: dg.RunStatusSensorContext, notifier: dg.ResourceParam[Notifier]) -> None:
    """Sends an alert for each run that succeeds but leaves a red check; dirty source rows trigger none."""
    red = list(red_checks(context))
    if red:
        title = f"{_of(context)}: {len(red)} red check{'s' if len(red) > 1 else ''}"
        notifier.notify(title, "\n".join([*red, f"run {context.dagster_run.run_id}"]))


def red_checks(context: dg.RunStatusSensorContext) -> Iterator[str]:
    """A line for each failed check of ERROR severity, without its sample, which may name customers."""
    entries = context.instance.all_logs(context.dagster_run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    found = [entry.dagster_event.asset_check_evaluation_data for entry in entries if entry.dagster_event]
    yield from (one.line for one in findings(found) if one.is_red)


def _of(context: dg.RunStatusSensorContext) -> str:
    run = context.dagster_run
    days = days_of_tags(run.tags)
    name = "materialization" if run.job_name.startswith(_NO_JOB) else run.job_name
    return name if days is None else f"{name} of {' to '.join(map(str, sorted(set(days))))}"


ALERTS = (failed_runs, red_checks_of_runs)
