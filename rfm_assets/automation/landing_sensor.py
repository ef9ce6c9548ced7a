"""The sensor that turns arrivals into runs."""

from datetime import date

import dagster as dg

from rfm_assets.automation.arrivals import Outcome, decide
from rfm_assets.automation.exports_sensor import is_landing
from rfm_assets.automation.jobs import daily_refresh
from rfm_assets.automation.run_tags import tags_of_days
from rfm_assets.automation.runs import ended_days, ended_with_key, is_anything_to_come
from rfm_assets.automation.seen import LoadedFile, Seen
from rfm_assets.automation.shop import SHOP, of_shop, shop_of, signed
from rfm_assets.bronze.ledger import entries
from rfm_assets.bronze.unloaded import REFUSED, noted_files
from rfm_assets.errors import WarehouseError
from rfm_assets.landing.zone import LandingZone
from rfm_assets.partitions import utc_today
from rfm_assets.settings import settings
from rfm_assets.warehouse.engine import Engine

_SHORT_PATIENCE = 2.0


@dg.sensor(job=daily_refresh, minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
def landed_files(
    context: dg.SensorEvaluationContext,
    landing: dg.ResourceParam[LandingZone],
    warehouse: dg.ResourceParam[Engine],
) -> dg.SensorResult | dg.SkipReason:
    """Requests one run for the days with new files, and all later days that they change.

    Compares the versions of files, never their times. A failed listing fails the tick and forgets nothing. A day is
    requested once for each version of its files, and again when its run failed for a reason other than its files or
    when the warehouse has lost it, see `arrivals`. Without a cursor, at first or after a reset, or with a cursor of
    another landing zone or warehouse, files in the ledger count as requested. Waits while exports are being landed.
    """
    if is_landing(context.instance):
        return dg.SkipReason("Exports are being landed: their days are requested together afterwards.")
    found = landing.survey()
    shop = shop_of(landing, warehouse)
    decision = decide(
        found.files,
        found.misnamed,
        _seen(context, warehouse, shop),
        start=settings().start_date,
        today=utc_today(),
        others=found.remarks,
        outcome=_outcome(context.instance, warehouse, shop),
    )
    for remark in decision.remarks:
        context.log.warning(remark)
    cursor = signed(decision.seen.encode(), shop)
    if decision.days is None:
        return dg.SensorResult(skip_reason="\n".join(decision.remarks) or "Nothing new has landed.", cursor=cursor)
    tags = tags_of_days(*decision.days) | {SHOP: shop}
    request = dg.RunRequest(run_key=_fresh_key(context.instance, decision.run_key), tags=tags)
    return dg.SensorResult(run_requests=[request], cursor=cursor)


def _seen(context: dg.SensorEvaluationContext, warehouse: Engine, shop: str) -> Seen:
    """What was requested before, by the cursor, or without a cursor of this shop by the ledger."""
    cursor = of_shop(context.cursor, shop)
    if context.cursor and not cursor:
        context.log.warning("The cursor belongs to another landing zone or warehouse: the ledger is used instead.")
    return Seen.decode(cursor) if cursor else Seen.of(_held(warehouse))


def _fresh_key(instance: dg.DagsterInstance, run_key: str) -> str:
    """A run key not used yet: after a cursor reset the same key may have run, and Dagster would drop the request."""
    again = ended_with_key(instance, run_key)
    return f"{run_key}!{again}" if again else run_key


def _outcome(instance: dg.DagsterInstance, warehouse: Engine, shop: str) -> Outcome | None:
    """What earlier runs led to; None while runs are pending, or when the warehouse cannot be read right now."""
    if is_anything_to_come(instance):
        return None
    at_hand = warehouse.model_copy(update={"lock_patience": _SHORT_PATIENCE})
    try:
        held, noted = _held(at_hand), noted_files(at_hand, date.min, date.max)
    except WarehouseError:
        return None  # another program is writing, or the file is broken: the next run reports that
    refused = {
        is_current: [
            LoadedFile(note.day, note.key, str(note.version))
            for note in noted
            if note.outcome == REFUSED and (note.encoding == settings().encoding) == is_current
        ]
        for is_current in (True, False)
    }
    return Outcome(held, ended_days(instance, shop), refused[True], refused[False])


def _held(warehouse: Engine) -> list[LoadedFile]:
    return [LoadedFile(entry.day, entry.key, entry.version) for entry in entries(warehouse, date.min, date.max)]
