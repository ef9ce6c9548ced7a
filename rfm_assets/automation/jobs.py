"""Jobs, named for what people launch. Each takes a day, or a range of days in one run."""

import dagster as dg

daily_refresh = dg.define_asset_job(
    "daily_refresh",
    selection=dg.AssetSelection.all(),
    description="Everything for a day or a range of days: from the landed files to the segment summary.",
)

load_landed_files = dg.define_asset_job(
    "load_landed_files",
    selection=dg.AssetSelection.groups("bronze", "silver", "quality"),
    description="Landed files to bronze, silver and the quality tables, without touching any segment.",
)

rebuild_segments = dg.define_asset_job(
    "rebuild_segments",
    selection=dg.AssetSelection.groups("gold"),
    description="Gold again from the stored silver rows, such as after a rule of the segments has changed.",
)

JOBS = (daily_refresh, load_landed_files, rebuild_segments)
