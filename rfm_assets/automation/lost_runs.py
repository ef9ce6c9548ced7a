"""Runs whose process was killed together with whatever would have noticed: they are reported as failed."""

from collections.abc import Sequence

import dagster as dg

from rfm_assets.automation.process_of_run import process_of

_LOST = "its process (pid {pid} on {host}) is gone: it was killed, or the machine went down"


def fail_lost_runs(instance: dg.DagsterInstance) -> Sequence[str]:
    """Fails the runs in progress whose process on this host is gone; returns a sentence for each.

    Dagster then tries again those that came through the queue, as it does where it sees a crash by itself.
    """
    in_progress = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING])
    lost = []
    for run in instance.get_runs(in_progress):
        process = process_of(run)
        if process and process.is_gone:
            reason = _LOST.format(pid=process.pid, host=process.host)
            if run.status is dg.DagsterRunStatus.CANCELING:
                instance.report_run_canceled(run, reason)
            else:
                instance.report_run_failed(run, reason)
            lost.append(f"run {run.run_id}: {reason}")
    return lost


@dg.sensor(minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.RUNNING)
def lost_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Fails runs whose process is gone, so that Dagster tries them again and the queue goes on."""
    lost = fail_lost_runs(context.instance)
    for one in lost:
        context.log.warning(one)
    return dg.SkipReason("\n".join(lost) or "Every run in progress has its process.")
