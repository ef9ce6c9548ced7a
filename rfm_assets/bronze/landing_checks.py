"""The two checks that look outside the warehouse: whether it keeps up with the landing zone."""

from datetime import timedelta

import dagster as dg

from rfm_assets.contracts.bronze import LANDED_FILES
from rfm_assets.landing.zone import LandingZone
from rfm_assets.literals import literal
from rfm_assets.partitions import run_days, utc_today
from rfm_assets.settings import settings
from rfm_assets.tables.check import Check
from rfm_assets.tables.run_checks import evaluate
from rfm_assets.tables.table_asset import WAREHOUSE_POOL
from rfm_assets.warehouse.engine import Engine

_BEHIND = "The days hold the newest version of every landed file; files that were refused, or arrived since, are named."
_RECENT = "The newest day is not older than RFM_STALE_AFTER_DAYS allows."


@dg.asset_check(asset=LANDED_FILES.asset_key, description=_BEHIND, pool=WAREHOUSE_POOL)
def holds_what_has_landed(
    context: dg.AssetCheckExecutionContext,
    landing: dg.ResourceParam[LandingZone],
    warehouse: dg.ResourceParam[Engine],
) -> dg.AssetCheckResult:
    """Compares the landing zone with the ledger."""
    first, last = run_days(context)
    files = landing.files_of(max(first, settings().start_date), min(last, utc_today()))
    listed = ", ".join(f"(DATE '{f.day}', {literal(f.key)}, {literal(f.version)})" for f in files)
    source = f"(VALUES {listed}) AS landed(processing_date, source_file, version)"
    broken = f"""
        SELECT landed.*, ledger.version AS held
        FROM {source if files else f"(SELECT * FROM {LANDED_FILES.address} WHERE false) AS landed"}
        LEFT JOIN {LANDED_FILES.address} AS ledger USING (processing_date, source_file)
        WHERE landed.version IS DISTINCT FROM ledger.version"""
    with warehouse.connect(read_only=True) as connection:
        check = Check("holds_what_has_landed", _BEHIND, broken, says=lambda found: str(found["source_file"]))
        (found,) = evaluate([check], LANDED_FILES, connection, (first, last))
    return found


@dg.asset_check(asset=LANDED_FILES.asset_key, description=_RECENT, pool=WAREHOUSE_POOL)
def newest_day_is_recent(
    context: dg.AssetCheckExecutionContext, warehouse: dg.ResourceParam[Engine]
) -> dg.AssetCheckResult:
    """Checks the newest loaded day, whatever the days of the run."""
    oldest_allowed = utc_today() - timedelta(days=settings().stale_after_days)
    broken = f"""
        SELECT max(processing_date) AS newest_day, DATE '{oldest_allowed}' AS oldest_allowed
        FROM {LANDED_FILES.address}
        HAVING coalesce(max(processing_date) < DATE '{oldest_allowed}', true)"""
    with warehouse.connect(read_only=True) as connection:
        check = Check("newest_day_is_recent", _RECENT, broken)
        (found,) = evaluate([check], LANDED_FILES, connection, run_days(context))
    return found


LANDING_CHECKS = (holds_what_has_landed, newest_day_is_recent)
