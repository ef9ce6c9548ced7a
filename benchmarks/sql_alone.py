"""Builds the tables of plain.sql with the pipeline's own SQL and writes, without Dagster."""

from pathlib import Path

import dagster as dg

from rfm_assets.bronze.landed_files import fetch_days
from rfm_assets.contracts import Table, bronze, gold, quality, silver
from rfm_assets.gold import assets as gold_assets
from rfm_assets.landing.folder import FolderLandingZone
from rfm_assets.quality import assets as quality_assets
from rfm_assets.settings import settings
from rfm_assets.silver import assets as silver_assets
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.duckdb.engine import DuckDBEngine
from rfm_assets.warehouse.query import Query

warehouse = DuckDBEngine.of(settings()).model_copy(update={"database": "alone.duckdb"})
Path(warehouse.database).unlink(missing_ok=True)
landing = FolderLandingZone(folder=settings().landing)
days = [file.day for file in landing.list_files()]
first, last = min(days), max(days)
context = dg.build_asset_context(partition_key_range=dg.PartitionKeyRange(str(first), str(last)))


def stored(table: Table) -> Query:
    """The rows of a table, not read yet."""
    return Days(table, first, last).select()


def store(table: Table, rows: Query) -> None:
    """Writes a table as the IO manager does."""
    with warehouse.transaction() as connection:
        Days(table, first, last).replace(connection, rows)


with warehouse.transaction() as connection:
    whole = Days(bronze.TRANSACTIONS, first, last)
    whole.clear(connection)
    fetch_days(landing, first, last).load(connection, whole)

delivered, valid, rejected = map(stored, (bronze.TRANSACTIONS, silver.TRANSACTIONS, silver.REJECTED_TRANSACTIONS))
for table, rows in zip(
    (silver.TRANSACTIONS, silver.REJECTED_TRANSACTIONS), silver_assets.judged_transactions(delivered), strict=True
):
    store(table, rows)
store(quality.BRONZE_DAILY_QUALITY, quality_assets.bronze_daily_quality(delivered))
store(quality.BRONZE_SILVER_DQ_COMPARISON, quality_assets.bronze_silver_dq_comparison(delivered, valid))
store(quality.DAILY_COUNTS, quality_assets.daily_counts(delivered, valid))
store(quality.RULE_OUTCOMES, quality_assets.rule_outcomes(delivered, rejected))
store(silver.CUSTOMER_INVOICES, silver_assets.customer_invoices(valid))
store(silver.INVOICES, silver_assets.invoices(valid))
store(gold.CUSTOMER_RFM, gold_assets.customer_rfm(context, stored(silver.CUSTOMER_INVOICES)))
store(gold.SEGMENT_THRESHOLDS, gold_assets.segment_thresholds(context, stored(gold.CUSTOMER_RFM)))
store(
    gold.CUSTOMER_SEGMENTS,
    gold_assets.customer_segments(stored(gold.CUSTOMER_RFM), stored(gold.SEGMENT_THRESHOLDS)),
)
store(gold.SEGMENT_SUMMARY, gold_assets.segment_summary(context, stored(gold.CUSTOMER_SEGMENTS)))
store(
    gold.SEGMENT_MIGRATION,
    gold_assets.segment_migration(context, stored(gold.CUSTOMER_SEGMENTS), stored(gold.SEGMENT_THRESHOLDS)),
)
