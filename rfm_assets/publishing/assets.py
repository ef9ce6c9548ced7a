"""The assets that a run publishes at its end."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import Field

from rfm_assets.exports.consent import opted_out_here
from rfm_assets.partitions import DAILY, ONE_RUN, run_days
from rfm_assets.privacy.customer_ids import CustomerIds
from rfm_assets.privacy.suppressed import suppressed_customers
from rfm_assets.publishing import reader
from rfm_assets.publishing.audience_files import publish_audiences
from rfm_assets.publishing.audiences import Audiences, has_customers
from rfm_assets.publishing.holdout import holdout_in_force
from rfm_assets.publishing.lineage import READ_TO_PUBLISH
from rfm_assets.publishing.publish import Publication, publish
from rfm_assets.publishing.source import source_of
from rfm_assets.settings import settings
from rfm_assets.tables.code_references import code_references
from rfm_assets.tables.table_asset import WAREHOUSE_POOL
from rfm_assets.warehouse.engine import Engine

GROUP = "publishing"
_DAYS_BACK = 7


def _published_asset(
    name: str, *, kinds: set[str]
) -> Callable[[Callable[..., dg.MaterializeResult[None]]], dg.AssetsDefinition]:
    """Turns a function into an asset that leaves the pipeline."""

    def asset(function: Callable[..., dg.MaterializeResult[None]]) -> dg.AssetsDefinition:
        return dg.asset(
            key=[GROUP, name],
            deps=[address.split(".") for address in READ_TO_PUBLISH[f"{GROUP}.{name}"]],
            kinds=kinds,
            group_name=GROUP,
            owners=[settings().owner],
            metadata=code_references(function),
            partitions_def=DAILY,
            backfill_policy=ONE_RUN,
            pool=WAREHOUSE_POOL,
        )(function)

    return asset


class PublishedFolder(dg.ConfigurableResource["PublishedFolder"]):
    """The folder that readers open."""

    folder: str = Field(description="Path of the folder.")
    audience_key: str | None = Field(
        default=None, repr=False, description="A secret key, to replace ids by hashes in audience files."
    )

    hashes_ids: bool = Field(default=False, description="Whether the published copy has such hashes, too.")

    @property
    def ids(self) -> CustomerIds:
        """How the published copy writes customers' ids."""
        return self.ids_of_lists if self.hashes_ids else CustomerIds()

    @property
    def ids_of_lists(self) -> CustomerIds:
        """How audience lists write customers' ids."""
        return CustomerIds(self.audience_key or "")

    @property
    def path(self) -> Path:
        """The folder."""
        return Path(self.folder)


@_published_asset("snapshot", kinds={"duckdb", "parquet"})
def published_copy(
    context: dg.AssetExecutionContext,
    warehouse: dg.ResourceParam[Engine],
    published: dg.ResourceParam[PublishedFolder],
) -> dg.MaterializeResult[None]:
    """A read-only copy of what dashboards and BI tools need, which replaces the last one atomically.

    It has all days of the warehouse, not only the run's; only changed days are copied. Readers are not interrupted
    while it is written, and never lock the warehouse.
    """
    from rfm_assets.erasure.erasure import finish_erasures

    finish_erasures(warehouse, published)
    with source_of(warehouse, published.path) as source:
        publication = publish(
            source,
            published.path,
            run_id=context.run.run_id,
            ids=published.ids,
            ids_of_lists=published.ids_of_lists,
            opted_out=opted_out_here(),
        )
    return dg.MaterializeResult(metadata=_metadata(published, publication))


def _metadata(published: PublishedFolder, publication: Publication) -> dict[str, Any]:
    with reader.published_copy(published.path) as held:
        first, last, rows = held.execute(
            "SELECT first_day, last_day, (SELECT sum(estimated_size) FROM duckdb_tables()) FROM meta.published"
        ).fetchall()[0]
    return {
        "dagster/uri": str(publication.file.resolve()),
        "days": f"{first} to {last}",
        "table_days_refreshed": publication.written.days,
        "written_from_scratch": publication.written.from_scratch,
        "customer_ids": published.ids.kind,
        "dagster/row_count": int(rows or 0),
        "megabytes": round(publication.file.stat().st_size / 1e6, 1),
    }


class AudienceChoice(dg.Config):
    """The earlier day that the lists compare with."""

    days_back: int = Field(
        default=_DAYS_BACK, ge=1, description="Days back to look for customers who entered or left a segment."
    )


@_published_asset("audiences", kinds={"csv", "parquet"})
def audiences(
    context: dg.AssetExecutionContext, config: AudienceChoice, published: dg.ResourceParam[PublishedFolder]
) -> dg.MaterializeResult[None]:
    """Lists of customers for campaigns: each segment's members, and who entered or left it in the last week.

    CSV and Parquet files of the run's last day, with a manifest, in `audiences/` of the published folder.
    """
    first, day = run_days(context)
    told: dict[str, Any] = {"as_of_date": str(day), "days_without_lists": (day - first).days}
    return dg.MaterializeResult(metadata=told | publish_lists(published, day, config.days_back))


def publish_lists(published: PublishedFolder, day: date, days_back: int = _DAYS_BACK) -> dict[str, Any]:
    """Writes the lists of a day that has customers; returns metadata for Dagster."""
    with reader.published_copy(published.path) as connection:
        if not has_customers(connection, day):
            return {"lists": 0}
        earlier = day - timedelta(days=days_back)
        since = earlier if has_customers(connection, earlier) else None
        suppressed = suppressed_customers(settings().suppress)
        lists = Audiences(
            connection,
            day,
            since,
            key=published.audience_key or "",
            suppressed=suppressed,
            holdout=holdout_in_force(),
        )
        folder = publish_audiences(lists, published.path).absolute()
        return {
            "dagster/uri": str(folder),
            "compared_to": str(since) if since else "no earlier day is stored",
            "keyed_ids": lists.is_keyed,
            "suppressed": sum(lists.suppressed.values()),
            "lists": len(lists.all()),
        }
