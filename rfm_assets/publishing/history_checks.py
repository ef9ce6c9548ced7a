"""Whether the warehouse holds every day before the run's: gold adds them up, so it waits where one is lost."""

from collections.abc import Sequence
from datetime import date, timedelta

import dagster as dg

from rfm_assets.bronze import ledger
from rfm_assets.bronze.landed_files import fetch_days
from rfm_assets.contracts.silver import CUSTOMER_INVOICES
from rfm_assets.errors import RefusedFileError
from rfm_assets.landing.zone import LandingZone
from rfm_assets.markdown import markdown_table
from rfm_assets.partitions import in_words, run_days, utc_today
from rfm_assets.publishing.assets import PublishedFolder
from rfm_assets.publishing.lost_days import KEPT_DAYS, WAYS_OUT, lost_days
from rfm_assets.publishing.source import source_of
from rfm_assets.settings import settings
from rfm_assets.tables.table_asset import WAREHOUSE_POOL
from rfm_assets.tables.table_checks import ERROR, SAMPLE_ROWS
from rfm_assets.warehouse.engine import Engine

_WHOLE = (
    "The warehouse holds every file that has landed for the days before, but for those that cannot be read, and every "
    "such day that readers have. It does not where it is a new file or another one, as after a loss."
)


@dg.asset_check(asset=CUSTOMER_INVOICES.asset_key, description=_WHOLE, blocking=True, pool=WAREHOUSE_POOL)
def no_earlier_day_is_lost(
    context: dg.AssetCheckExecutionContext,
    landing: dg.ResourceParam[LandingZone],
    warehouse: dg.ResourceParam[Engine],
    published: dg.ResourceParam[PublishedFolder],
) -> dg.AssetCheckResult:
    """Compares the ledger with the landing zone, and the stored days with the published ones, up to the run's last."""
    first, last = run_days(context)
    if first == date.min:  # launched without days: all of them are looked at
        first = last = min(last, utc_today()) + timedelta(days=1)
    unloaded = unloaded_files(landing, warehouse, before=first)
    with source_of(warehouse) as source:
        source.take_stock(KEPT_DAYS)
        # The run writes its own days, and what it does not reach is for publishing to refuse.
        lost = [day for day in lost_days(source, published.path) if day < first]
    broken = [(day, f"{landing.address}/{key} is not loaded") for day, key in unloaded]
    broken += [(day, f"published in {published.folder}, not in the warehouse") for day in lost]
    if not broken:
        return dg.AssetCheckResult(passed=True, severity=ERROR, metadata={"failed": 0})
    sample = markdown_table(["day", "what"], sorted(broken)[:SAMPLE_ROWS])
    return dg.AssetCheckResult(
        passed=False,
        severity=ERROR,
        description=(
            f"{warehouse.address} lacks {in_words({day for day, _ in broken})} ({len(unloaded):,} landed files, "
            f"{len(lost):,} published days), and gold would leave them out. {WAYS_OUT}"
        ),
        metadata={"failed": len(broken), "sample": dg.MetadataValue.md(sample)},
    )


def unloaded_files(zone: LandingZone, warehouse: Engine, *, before: date) -> Sequence[tuple[date, str]]:
    """Day and key of the files landed from the calendar's first day on that the ledger lacks.

    Nothing where bronze would refuse a file of each of these days: such a day holds up no other one.

    Raises:
        LandingError: when the zone cannot be listed.
    """
    first, last = settings().start_date, before - timedelta(days=1)
    held = {(entry.day, entry.key) for entry in ledger.entries(warehouse, first, last)}
    lacking = [(day, key) for day, key in zone.keys_of(first, last) if (day, key) not in held]
    days = sorted({day for day, _ in lacking})
    return lacking if any(_can_be_loaded(zone, day) for day in days) else []


def _can_be_loaded(zone: LandingZone, day: date) -> bool:
    try:
        return day not in fetch_days(zone, day, day, encoding=settings().encoding).refused
    except RefusedFileError:
        return False
