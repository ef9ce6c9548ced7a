"""The sensor that turns arrivals into runs."""

from datetime import date

import dagster as dg

from rfm_assets.automation.arrivals import Seen, decide
from rfm_assets.automation.jobs import daily_refresh
from rfm_assets.automation.runs import ended_with_key
from rfm_assets.bronze.ledger import entries
from rfm_assets.landing.zone import LandingZone
from rfm_assets.partitions import range_tags, utc_today
from rfm_assets.settings import settings
from rfm_assets.warehouse.engine import Engine


@dg.sensor(job=daily_refresh, minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
def landed_files(
    context: dg.SensorEvaluationContext,
    landing: dg.ResourceParam[LandingZone],
    warehouse: dg.ResourceParam[Engine],
) -> dg.SensorResult:
    """Requests one run for the days that files have arrived for, and all later ones they change.

    Compares the versions of files, never their times. A listing that fails fails the tick and forgets nothing. A day is
    requested once for each version of its files: a run that fails is for a person, or for the corrected file. Without a
    cursor, at first or after a reset, what the ledger holds counts as requested.
    """
    found = landing.survey()
    seen = Seen.decode(context.cursor) if context.cursor else _loaded(warehouse)
    decision = decide(
        found.files, found.misnamed, seen, start=settings().start_date, today=utc_today(), others=found.remarks
    )
    for remark in decision.remarks:
        context.log.warning(remark)
    cursor = decision.seen.encode()
    if decision.days is None:
        return dg.SensorResult(skip_reason="\n".join(decision.remarks) or "Nothing new has landed.", cursor=cursor)
    # After a reset the same key may have had its run, and Dagster would drop a second one in silence.
    again = ended_with_key(context.instance, decision.run_key)
    run_key = f"{decision.run_key}!{again}" if again else decision.run_key
    return dg.SensorResult(
        run_requests=[dg.RunRequest(run_key=run_key, tags=range_tags(*decision.days))], cursor=cursor
    )


def _loaded(warehouse: Engine) -> Seen:
    return Seen.of((entry.day, entry.key, entry.version) for entry in entries(warehouse, date.min, date.max))
