"""Checks that the warehouse holds every day before the run's: gold adds them up, so it waits if one is lost."""

from collections.abc import Sequence
from datetime import date, timedelta

import dagster as dg

from rfm_assets.bronze import ledger, unloaded
from rfm_assets.bronze.inspect_days import inspect_days
from rfm_assets.contracts.silver import CUSTOMER_INVOICES
from rfm_assets.landing.zone import LandingZone
from rfm_assets.metadata_table import metadata_table
from rfm_assets.partitions import in_words, run_days, utc_today
from rfm_assets.publishing.assets import PublishedFolder
from rfm_assets.publishing.lost_days import KEPT_DAYS, lost_days, ways_out
from rfm_assets.publishing.source import source_of
from rfm_assets.settings import settings
from rfm_assets.tables.check import ERROR
from rfm_assets.tables.check_results import SAMPLE_ROWS
from rfm_assets.tables.table_asset import WAREHOUSE_POOL
from rfm_assets.warehouse.engine import Engine

_WHOLE = (
    "The warehouse holds every readable file that has landed for earlier days, and every earlier day that readers "
    "have. It does not if it is new, or not the same warehouse, as after a loss."
)


@dg.asset_check(asset=CUSTOMER_INVOICES.asset_key, description=_WHOLE, blocking=True, pool=WAREHOUSE_POOL)
def no_earlier_day_is_lost(
    context: dg.AssetCheckExecutionContext,
    landing: dg.ResourceParam[LandingZone],
    warehouse: dg.ResourceParam[Engine],
    published: dg.ResourceParam[PublishedFolder],
) -> dg.AssetCheckResult:
    """Compares the ledger with the landing zone, and stored days with published ones, up to the run's last day."""
    first, last = run_days(context)
    if first == date.min:  # launched without days: checks all of them
        first = last = min(last, utc_today()) + timedelta(days=1)
    lacking = lacking_files(landing, warehouse, before=first)
    with source_of(warehouse, published.path) as source:
        source.take_stock(KEPT_DAYS)
        # The run writes its own days; publishing refuses whatever it does not reach.
        lost = [day for day in lost_days(source, published.path) if day < first]
    broken = [(day, f"{landing.address}/{key} is not loaded") for day, key in lacking]
    broken += [(day, f"published in {published.folder}, not in the warehouse") for day in lost]
    if not broken:
        return dg.AssetCheckResult(passed=True, severity=ERROR, metadata={"failed": 0})
    sample = metadata_table(["day", "what"], sorted(broken)[:SAMPLE_ROWS])
    return dg.AssetCheckResult(
        passed=False,
        severity=ERROR,
        description=(
            f"{warehouse.address} lacks {in_words({day for day, _ in broken})} (landed files: {len(lacking):,}, "
            f"published days: {len(lost):,}), and gold would leave them out. {ways_out(min(broken)[0])}"
        ),
        metadata={"failed": len(broken), "sample": sample},
    )


def lacking_files(zone: LandingZone, warehouse: Engine, *, before: date) -> Sequence[tuple[date, str]]:
    """Day and key of landed files, from the calendar's first day on, that the ledger lacks.

    Empty if bronze refused a file of each of these days, or would: such a day does not hold up others.

    Raises:
        LandingError: when the zone cannot be listed.
    """
    first, last = settings().start_date, before - timedelta(days=1)
    held = {(entry.day, entry.key) for entry in ledger.entries(warehouse, first, last)}
    lacking = [(day, stored) for day, stored in zone.stored_of(first, last) if (day, stored.key) not in held]
    if lacking:
        refused = unloaded.refused_files(warehouse, first, last, encoding=settings().encoding)
        known = {day for day, stored in lacking if (day, unloaded.noted_key(stored.key), stored.version()) in refused}
        days = sorted({day for day, _ in lacking} - known)
        if any(_can_be_loaded(zone, day) for day in days):
            return [(day, stored.key) for day, stored in lacking if day not in known]
    return []


def _can_be_loaded(zone: LandingZone, day: date) -> bool:
    """Whether bronze would load a day that no run has seen yet, or whose file was missing then."""
    return day not in inspect_days(zone, day, day, encoding=settings().encoding).refused
