"""What a run publishes in the end."""

from pathlib import Path

import dagster as dg
from pydantic import Field

from rfm_assets.partitions import DAILY, ONE_RUN
from rfm_assets.publishing.publish import publish
from rfm_assets.publishing.reader import connect
from rfm_assets.publishing.tables import PUBLISHED
from rfm_assets.settings import settings
from rfm_assets.table_asset import WAREHOUSE_POOL
from rfm_assets.warehouse.connection import Warehouse

GROUP = "publishing"


class PublishedFolder(dg.ConfigurableResource["PublishedFolder"]):
    """Where readers find what has been published."""

    folder: str = Field(description="Path of the folder.")

    @property
    def path(self) -> Path:
        """The folder."""
        return Path(self.folder)


@dg.asset(
    key=[GROUP, "snapshot"],
    deps=[one.table.asset_key for one in PUBLISHED],
    group_name=GROUP,
    owners=[settings().owner],
    kinds={"duckdb", "parquet"},
    partitions_def=DAILY,
    backfill_policy=ONE_RUN,
    pool=WAREHOUSE_POOL,
)
def snapshot(
    context: dg.AssetExecutionContext,
    warehouse: dg.ResourceParam[Warehouse],
    published: dg.ResourceParam[PublishedFolder],
) -> dg.MaterializeResult[None]:
    """A read-only copy of what dashboards and BI tools need, put in place of the last one in one go.

    It holds all days that the warehouse holds, not only those of the run; only changed days are copied. Readers go on
    while it is written, and never lock the warehouse.
    """
    warehouse.must_exist()
    with warehouse.connect() as connection:
        publication = publish(connection, published.path, run_id=context.run.run_id)
    with connect(published.path, publication.file.name) as held:
        first, last, rows = held.execute(
            "SELECT first_day, last_day, (SELECT sum(estimated_size) FROM duckdb_tables()) FROM meta.published"
        ).fetchall()[0]
    return dg.MaterializeResult(
        metadata={
            "dagster/uri": str(publication.file.resolve()),
            "days": f"{first} to {last}",
            "table_days_refreshed": publication.written.days,
            "written_anew": publication.written.anew,
            "rows": int(rows or 0),
            "megabytes": round(publication.file.stat().st_size / 1e6, 1),
        }
    )
