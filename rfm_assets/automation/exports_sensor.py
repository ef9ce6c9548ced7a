"""The sensor that lands exports when they arrive."""

import dagster as dg

from rfm_assets.automation.arrived_exports import Asked, decide
from rfm_assets.automation.jobs import land_exports
from rfm_assets.automation.run_outcomes import error_names
from rfm_assets.automation.runs import ended_with_key
from rfm_assets.config.load import shop_file
from rfm_assets.errors import ExportError, SettingError
from rfm_assets.exports.arrived import arrived_at
from rfm_assets.settings import settings

EXPORTS = "rfm/exports"  # the tag of a run: which state of the exports it landed
_FAULTS_OF_EXPORTS = {ExportError.__name__, "AmbiguousExportError", SettingError.__name__}
_STATUS = dg.DefaultSensorStatus.RUNNING if settings().exports else dg.DefaultSensorStatus.STOPPED


@dg.sensor(job=land_exports, minimum_interval_seconds=30, default_status=_STATUS)
def arrived_exports(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Requests one run of `land_exports` when files at RFM_EXPORTS are added, changed, removed or read differently.

    Compares digests of the files, never their times, and waits until two ticks in a row see the same. A failed listing
    fails the tick and forgets nothing. Off unless RFM_EXPORTS is set when Dagster first loads the sensor.
    """
    address = settings().exports
    if address is None:
        return dg.SkipReason("RFM_EXPORTS is not set: it names where exports arrive.")
    if is_landing(context.instance):
        return dg.SkipReason("Exports are being landed.")
    file = shop_file(settings().config)
    # What an export's lines depend on besides its bytes; silver's rules do not count.
    read_as = f"{settings().landing} {settings().currency} {file.shop.time_zone} {file.source}"
    arrived = arrived_at(address, read_as=read_as)
    decision = decide(arrived, Asked.decode(context.cursor), has_failed=_has_failed(context.instance, arrived.digest))
    for remark in decision.remarks:
        context.log.warning(remark)
    cursor = decision.asked.encode()
    if decision.run_key is None:
        return dg.SensorResult(skip_reason=decision.why_not, cursor=cursor)
    # After a cursor reset the same key may have run already, and Dagster would silently drop the request.
    again = ended_with_key(context.instance, decision.run_key)
    run_key = f"{decision.run_key}!{again}" if again else decision.run_key
    request = dg.RunRequest(run_key=run_key, tags={EXPORTS: arrived.digest})
    return dg.SensorResult(run_requests=[request], cursor=cursor)


def is_landing(instance: dg.DagsterInstance) -> bool:
    """Whether a run of `land_exports` is queued, in progress, or about to be retried after a crash."""
    newest = _newest(instance, {})
    return newest is not None and (not newest.is_finished or newest.is_complete_and_waiting_to_retry)


def _has_failed(instance: dg.DagsterInstance, digest: str) -> bool:
    """Whether the latest run for these exports failed for a reason other than the exports."""
    run = _newest(instance, {EXPORTS: digest})
    if run is None or run.status is not dg.DagsterRunStatus.FAILURE:
        return False
    entries = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
    failures = [entry.dagster_event.step_failure_data for entry in entries if entry.dagster_event]
    return not _FAULTS_OF_EXPORTS & {name for failure in failures for name in error_names(failure.error)}


def _newest(instance: dg.DagsterInstance, tags: dict[str, str]) -> dg.DagsterRun | None:
    runs = instance.get_runs(dg.RunsFilter(job_name=land_exports.name, tags=tags), limit=1)
    return runs[0] if runs else None
