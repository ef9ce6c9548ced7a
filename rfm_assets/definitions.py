"""The code location: Dagster loads `defs`; `build_definitions` builds the same over any resources."""

from collections.abc import Mapping

import dagster as dg

from rfm_assets.automation.alerts import ALERTS
from rfm_assets.automation.exports_sensor import arrived_exports
from rfm_assets.automation.jobs import JOBS
from rfm_assets.automation.landing_sensor import landed_files
from rfm_assets.automation.lost_runs import lost_runs
from rfm_assets.automation.notifier import LogNotifier, WebhookNotifier
from rfm_assets.automation.process_of_run import one_process
from rfm_assets.automation.retention import thin_snapshots, weekly
from rfm_assets.automation.schedule import SCHEDULES
from rfm_assets.bronze import assets as bronze
from rfm_assets.bronze.landing_checks import LANDING_CHECKS
from rfm_assets.commands.progress import progress
from rfm_assets.contracts.gold import SEGMENT_SUMMARY
from rfm_assets.digest import assets as digest
from rfm_assets.erasure.job import erase_customers
from rfm_assets.exports import assets as exports
from rfm_assets.gold import assets as gold
from rfm_assets.ml import assets as ml
from rfm_assets.proof import assets as proof
from rfm_assets.publishing import assets as publishing
from rfm_assets.publishing.history_checks import no_earlier_day_is_lost
from rfm_assets.quality import assets as quality
from rfm_assets.resources import engine_of, zone_at
from rfm_assets.settings import Settings, settings
from rfm_assets.silver import assets as silver
from rfm_assets.tables.freshness import refreshed_daily
from rfm_assets.warehouse.io_manager import warehouse_io_manager


def resources_for(chosen: Settings) -> dict[str, object]:
    """The resources that the settings name: landing zone, warehouse, published folder and notifier."""
    warehouse = engine_of(chosen)
    webhook = WebhookNotifier(url=dg.EnvVar("RFM_WEBHOOK_URL")) if chosen.webhook_url else LogNotifier()
    return {
        "landing": zone_at(chosen.landing),
        "notifier": webhook,
        "published": publishing.PublishedFolder(
            folder=str(chosen.published),
            # By name, so that the UI shows the variable and not the key.
            audience_key=dg.EnvVar("RFM_AUDIENCE_KEY") if chosen.audience_key else None,
            hashes_ids=chosen.publish_ids == "hashed",
        ),
        "warehouse": warehouse,
        "io_manager": warehouse_io_manager,
    }


def _assets() -> list[dg.AssetsDefinition]:
    """Every asset; those that people look at every day have a freshness badge."""
    loaded = dg.load_assets_from_modules([exports, bronze, silver, quality, gold, proof, ml, publishing, digest])
    policy, looked_at_daily = refreshed_daily(), {SEGMENT_SUMMARY.asset_key, publishing.published_copy.key}
    return [
        one.map_asset_specs(
            lambda spec: dg.apply_freshness_policy(spec, policy) if spec.key in looked_at_daily else spec
        )
        for one in loaded
        if isinstance(one, dg.AssetsDefinition)
    ]


def build_definitions(resources: Mapping[str, object]) -> dg.Definitions:
    """The whole graph over any resources, so that a test plugs in its own."""
    return dg.Definitions(
        assets=_assets(),
        asset_checks=[*LANDING_CHECKS, no_earlier_day_is_lost],
        jobs=[*JOBS, erase_customers, thin_snapshots],
        schedules=[*SCHEDULES, weekly],
        sensors=[arrived_exports, landed_files, lost_runs, *ALERTS],
        resources=resources,
        loggers={"console": dg.colored_console_logger, "progress": progress},
        # DuckDB admits one writing process, and one process per step would spend most of its time on imports.
        executor=one_process,
    )


defs = build_definitions(resources_for(settings()))
