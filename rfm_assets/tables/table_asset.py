"""An asset that is a table of the warehouse: everything about it that its contract already says."""

from collections.abc import Callable, Mapping
from typing import Any

import dagster as dg

from rfm_assets.contracts import Table
from rfm_assets.partitions import DAILY, EVERY_DAY_SO_FAR, ONE_RUN, THE_DAY_BEFORE_TOO, THIRTY_DAYS_BEFORE_TOO
from rfm_assets.settings import settings

# Every step that opens the warehouse; the limit of one is in dagster.yaml.
WAREHOUSE_POOL = "warehouse"


def same_days(table: Table) -> dg.AssetIn:
    """An input of the very days of the run."""
    return dg.AssetIn(table.asset_key)


def every_day_so_far(table: Table) -> dg.AssetIn:
    """An input of all days up to the last of the run; the statement itself keeps each as-of date to its past."""
    return dg.AssetIn(table.asset_key, partition_mapping=EVERY_DAY_SO_FAR)


def days_and_the_one_before(table: Table) -> dg.AssetIn:
    """An input of the run's days and the day before the first, where that is stored."""
    return dg.AssetIn(table.asset_key, partition_mapping=THE_DAY_BEFORE_TOO)


def days_and_thirty_before(table: Table) -> dg.AssetIn:
    """An input of the run's days and the thirty before the first, where those are stored."""
    return dg.AssetIn(table.asset_key, partition_mapping=THIRTY_DAYS_BEFORE_TOO)


def table_asset(
    table: Table, *, reads: Mapping[str, dg.AssetIn] | None = None, kind: str = "sql"
) -> Callable[[Callable[..., Any]], dg.AssetsDefinition]:
    """Makes a function the asset of `table`; what it returns becomes the table's rows for the run's days."""
    return dg.asset(
        key=table.asset_key,
        ins=reads,
        group_name=table.schema,
        metadata=table.metadata(),
        owners=[settings().owner],
        kinds={settings().engine, kind},
        partitions_def=DAILY,
        backfill_policy=ONE_RUN,
        pool=WAREHOUSE_POOL,
    )


def table_out(table: Table, *, kind: str = "sql") -> dg.AssetOut:
    """One of the tables that a multi-asset fills in one go."""
    return dg.AssetOut(
        key=table.asset_key,
        description=table.grain,
        group_name=table.schema,
        metadata=table.metadata(),
        owners=[settings().owner],
        kinds={settings().engine, kind},
        backfill_policy=ONE_RUN,
    )
