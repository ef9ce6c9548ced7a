"""Fails runs whose process was killed along with the daemon that would have noticed."""

from collections.abc import Sequence
from pathlib import Path

import dagster as dg

from rfm_assets.automation.process_of_run import owned_runs
from rfm_assets.owners import abandoned

_LOST = "its process is gone: it was killed, or the machine went down"


def fail_lost_runs(instance: dg.DagsterInstance) -> Sequence[str]:
    """Fails unfinished runs whose process is gone; returns a sentence for each.

    Dagster then retries those that came through the queue, as it does after a crash that it notices itself. Files of
    finished runs are deleted.
    """
    lost = []
    for file in sorted(owned_runs(instance).glob("[!.]*")):
        with abandoned(file) as is_gone:
            if is_gone and _fail(instance, file):
                lost.append(f"run {file.name}: {_LOST}")
    return lost


def _fail(instance: dg.DagsterInstance, file: Path) -> bool:
    """Reports a run without a process as failed, unless it has finished since its status was read."""
    run = instance.get_run_by_id(file.name)
    is_lost = run is not None and not run.is_finished
    if run and is_lost:
        if run.status is dg.DagsterRunStatus.CANCELING:
            instance.report_run_canceled(run, _LOST)
        else:
            instance.report_run_failed(run, _LOST)
    file.unlink(missing_ok=True)
    return is_lost


@dg.sensor(minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.RUNNING)
def lost_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Fails runs whose process is gone, so that Dagster retries them and the queue moves on."""
    lost = fail_lost_runs(context.instance)
    for one in lost:
        context.log.warning(one)
    return dg.SkipReason("\n".join(lost) or "Every run in progress has its process.")
