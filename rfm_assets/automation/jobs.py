"""Jobs, named for what people launch. Each takes one day, or a range of days in one run."""

import warnings

import dagster as dg

from rfm_assets.automation.run_tags import tags_of_purpose
from rfm_assets.bronze.landing_checks import LANDING_CHECKS, newest_day_is_recent
from rfm_assets.digest import assets as digest
from rfm_assets.exports import assets as exports
from rfm_assets.settings import settings

_OWNERS = [settings().owner]
# Dagster warns of a job's owners, a beta feature, whenever a job is resolved.
warnings.filterwarnings("ignore", message="Parameter `owners` of", category=dg.BetaWarning)

daily_refresh = dg.define_asset_job(
    "daily_refresh",
    # How recent the newest day is does not matter to the day being refreshed, which may be old.
    selection=dg.AssetSelection.all()
    - dg.AssetSelection.checks(newest_day_is_recent)
    - dg.AssetSelection.assets(exports.KEY, digest.KEY),
    description="Refreshes everything for a day or a range of days, from the landed files to what readers see.",
    # A retry starts over: files loaded before the crash may have been delivered again since.
    tags=tags_of_purpose("refresh") | {"dagster/retry_strategy": "ALL_STEPS"},
    owners=_OWNERS,
)

land_exports = dg.define_asset_job(
    "land_exports",
    selection=dg.AssetSelection.assets(exports.KEY),
    description="Turns the exports at RFM_EXPORTS into daily files in the landing zone, as `rfm land` does.",
    tags=tags_of_purpose("landing"),
    owners=_OWNERS,
)

load_landed_files = dg.define_asset_job(
    "load_landed_files",
    selection=dg.AssetSelection.groups("bronze", "silver", "quality") - dg.AssetSelection.checks(newest_day_is_recent),
    description="Loads landed files into bronze, silver and the quality tables, without touching any segment.",
    tags=tags_of_purpose("partial-refresh"),
    owners=_OWNERS,
)

rebuild_segments = dg.define_asset_job(
    "rebuild_segments",
    selection=dg.AssetSelection.groups("gold", "proof", "publishing"),
    description="Rebuilds gold and proof from stored silver rows, as after a change of a segment rule; publishes.",
    tags=tags_of_purpose("partial-refresh"),
    owners=_OWNERS,
)

cluster_customers = dg.define_asset_job(
    "cluster_customers",
    selection=dg.AssetSelection.groups("ml", "publishing"),
    description="Clusters the stored days again, for instance after a change of a clustering setting; publishes.",
    tags=tags_of_purpose("partial-refresh"),
    owners=_OWNERS,
)

watch_landing = dg.define_asset_job(
    "watch_landing",
    selection=dg.AssetSelection.checks(*LANDING_CHECKS),
    description="Checks that the warehouse holds what has landed, and that the newest day is recent.",
    tags=tags_of_purpose("watch"),
    owners=_OWNERS,
)

weekly_digest = dg.define_asset_job(
    "weekly_digest",
    selection=dg.AssetSelection.assets(digest.KEY),
    description="Writes the week up to the newest published day as an e-mail, and sends it if RFM_SMTP_URL is set.",
    tags=tags_of_purpose("digest"),
    owners=_OWNERS,
)

JOBS = (
    daily_refresh,
    land_exports,
    load_landed_files,
    rebuild_segments,
    cluster_customers,
    watch_landing,
    weekly_digest,
)
