"""Builds the tables of plain.sql with the pipeline's own SQL and writes, without Dagster."""

from pathlib import Path

from rfm_assets.bronze.inspect_days import inspect_days
from rfm_assets.contracts import TABLES, bronze
from rfm_assets.definitions import defs
from rfm_assets.landing.folder import FolderLandingZone
from rfm_assets.settings import settings
from rfm_assets.tables.table_asset import STEPS
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.duckdb.engine import DuckDBEngine
from rfm_assets.warehouse.duckdb.write import clear, replace_days

warehouse = DuckDBEngine.of(settings()).model_copy(update={"database": "alone.duckdb"})
Path(warehouse.database).unlink(missing_ok=True)
landing = FolderLandingZone(folder=settings().landing)
days = [file.day for file in landing.survey().files]
first, last = min(days), max(days)

with warehouse.transaction() as connection:
    whole = Days(bronze.TRANSACTIONS, first, last)
    clear(connection, whole)
    files = inspect_days(landing, first, last)
    files.must_load_a_day()
    files.load(connection, whole)
for table in defs.resolve_asset_graph().toposorted_asset_keys:
    if table.path[0] in {"silver", "quality", "gold"}:
        made = TABLES[table]
        with warehouse.transaction() as connection:
            replace_days(connection, Days(made, first, last), STEPS[made].statement(made))
