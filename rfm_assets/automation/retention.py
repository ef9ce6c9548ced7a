"""The job `thin_snapshots`: deletes old daily snapshots when launched by hand or by its schedule, off by default."""

from pathlib import Path

import dagster as dg
from pydantic import Field

from rfm_assets.automation.run_tags import tags_of_purpose
from rfm_assets.automation.thinning import thin
from rfm_assets.errors import WarehouseError
from rfm_assets.settings import settings
from rfm_assets.tables.table_asset import WAREHOUSE_POOL
from rfm_assets.tables.thinned_days import SNAPSHOTS
from rfm_assets.warehouse.duckdb.engine import DuckDBEngine
from rfm_assets.warehouse.engine import Engine

_TABLES = ", ".join(table.address for table in SNAPSHOTS)


class Retention(dg.Config):
    """How many daily snapshots are kept."""

    daily_for_days: int | None = Field(
        default=settings().daily_snapshots_for_days,
        ge=0,
        description="Days before the newest for which every snapshot is kept; empty: keep all.",
    )


@dg.op(pool=WAREHOUSE_POOL, description=f"Deletes the rows of days that are not kept from {_TABLES}.")
def delete_old_snapshots(
    context: dg.OpExecutionContext, config: Retention, warehouse: dg.ResourceParam[Engine]
) -> None:
    """Deletes the snapshots that the rule does not keep, and reports the days and the rows.

    Raises:
        WarehouseError: on an engine other than DuckDB, where no transaction covers all of a snapshot's tables.
    """
    if config.daily_for_days is None:
        context.log.info("Every snapshot is kept: RFM_DAILY_SNAPSHOTS_FOR_DAYS is not set.")
        return
    if not isinstance(warehouse, DuckDBEngine):
        message = (
            f"snapshots are thinned in a DuckDB file only, nothing was deleted from {warehouse.address}: delete days "
            f"on the cluster, from all of {_TABLES}, and unset RFM_DAILY_SNAPSHOTS_FOR_DAYS"
        )
        raise WarehouseError(message)
    thinned = thin(warehouse, daily_for_days=config.daily_for_days)
    days = ", ".join(map(str, thinned.days))
    context.log.info("Days whose snapshots were deleted: %s.", days or "none, all of them are kept")
    for address, rows in thinned.rows.items():
        asset = dg.AssetKey(address.split("."))
        context.log_event(dg.AssetObservation(asset, metadata={"deleted_rows": rows, "deleted_days": days}))
    rows_of = {f"deleted_rows of {address}": rows for address, rows in thinned.rows.items()}
    context.add_output_metadata({"deleted_days": days, **rows_of, **_size(warehouse)})


def _size(warehouse: DuckDBEngine) -> dict[str, int]:
    """The size of the file. It does not shrink: DuckDB reuses the free space for later days."""
    warehouse.release()  # writes the file out
    return {"warehouse_bytes": Path(warehouse.database).stat().st_size} if warehouse.exists else {}


@dg.job(
    description="Deletes customers' snapshots of old days except month ends, as RFM_DAILY_SNAPSHOTS_FOR_DAYS says, "
    f"from {_TABLES}. All other tables keep every day.",
    tags=tags_of_purpose("retention"),
)
def thin_snapshots() -> None:
    """Deletes customers' snapshots of old days."""
    delete_old_snapshots()


weekly = dg.ScheduleDefinition(
    name="thin_snapshots_weekly",
    job=thin_snapshots,
    cron_schedule="0 3 * * 0",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Thins the snapshots on Sundays at 03:00, once switched on.",
)
