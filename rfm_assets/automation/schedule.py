"""The schedules: the daily refresh, the daily watch for missing files, and the weekly digest."""

import dagster as dg

from rfm_assets.automation.jobs import daily_refresh as refresh_job
from rfm_assets.automation.jobs import watch_landing, weekly_digest
from rfm_assets.automation.run_tags import tags_of_days
from rfm_assets.automation.runs import ended_with_key, has_failed, is_under_way
from rfm_assets.automation.shop import SHOP, shop_of
from rfm_assets.bronze.ledger import entries
from rfm_assets.errors import WarehouseError
from rfm_assets.landing.zone import LandingZone
from rfm_assets.settings import settings
from rfm_assets.warehouse.engine import Engine

_HOUR, _MINUTE = (int(part) for part in settings().refresh_at.split(":"))
_SHORT_PATIENCE = 5.0


@dg.schedule(
    job=refresh_job,
    cron_schedule=f"{_MINUTE} {_HOUR} * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def daily_refresh(
    context: dg.ScheduleEvaluationContext,
    landing: dg.ResourceParam[LandingZone],
    warehouse: dg.ResourceParam[Engine],
) -> dg.RunRequest | dg.SkipReason:
    """Refreshes today when its file is due, unless the sensor has done so and its run succeeded."""
    today = context.scheduled_execution_time.date()
    landed = {(file.key, file.version) for file in landing.files_of(today, today)}
    if not landed:
        return dg.SkipReason(f"No file of {today} is in {landing.address}.")
    if is_under_way(context.instance, today):
        return dg.SkipReason(f"A run for {today} is queued or in progress.")
    try:
        patient = warehouse.model_copy(update={"lock_patience": _SHORT_PATIENCE})
        held = {(entry.key, entry.version) for entry in entries(patient, today, today)}
    except WarehouseError as error:
        return dg.SkipReason(f"The sensor will do it, since a run is writing now: {error}")
    shop = shop_of(landing, warehouse)
    if landed <= held and not has_failed(context.instance, today, shop):
        return dg.SkipReason(f"{today} is loaded already.")
    run_key = f"{today}@{' '.join(sorted(version for _, version in landed))}"
    again = ended_with_key(context.instance, run_key)
    return dg.RunRequest(
        run_key=f"{run_key}!{again}" if again else run_key, tags=tags_of_days(today, today) | {SHOP: shop}
    )


watch = dg.ScheduleDefinition(
    name="watch_landing_daily",
    job=watch_landing,
    cron_schedule=f"{_MINUTE} {(_HOUR + 1) % 24} * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Checks, an hour after the refresh, whether anything that has landed, or should have, is missing.",
)

digest = dg.ScheduleDefinition(
    name="weekly_digest_on_monday",
    job=weekly_digest,
    cron_schedule=f"{_MINUTE} {(_HOUR + 2) % 24} * * 1",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING if settings().smtp_url else dg.DefaultScheduleStatus.STOPPED,
    description="Sends the digest on Mondays, two hours after the refresh is due. Off unless RFM_SMTP_URL is set when "
    "Dagster first loads it.",
)

SCHEDULES = (daily_refresh, watch, digest)
