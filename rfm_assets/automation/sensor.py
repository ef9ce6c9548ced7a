"""The sensor that turns arrivals into runs."""

import dagster as dg

from rfm_assets.automation.arrivals import Seen, decide
from rfm_assets.automation.jobs import daily_refresh
from rfm_assets.landing.zone import LandingZone
from rfm_assets.partitions import range_tags, utc_today
from rfm_assets.settings import settings


@dg.sensor(job=daily_refresh, minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
def landed_files(context: dg.SensorEvaluationContext, landing: dg.ResourceParam[LandingZone]) -> dg.SensorResult:
    """Requests one run for the days that files have arrived for, and all later ones they change.

    Compares the versions of files, never their times. A listing that fails fails the tick and forgets nothing. A day is
    requested once for each version of its files: a run that fails is for a person, or for the corrected file.
    """
    found = landing.survey()
    seen = Seen.decode(context.cursor)
    decision = decide(found.files, found.misnamed, seen, start=settings().start_date, today=utc_today())
    for remark in decision.remarks:
        context.log.warning(remark)
    cursor = decision.seen.encode()
    if decision.days is None:
        return dg.SensorResult(skip_reason="\n".join(decision.remarks) or "Nothing new has landed.", cursor=cursor)
    request = dg.RunRequest(run_key=decision.run_key, tags=range_tags(*decision.days))
    return dg.SensorResult(run_requests=[request], cursor=cursor)
