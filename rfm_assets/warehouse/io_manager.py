"""Connects the warehouse to Dagster: stores what assets return, and loads what they take.

A `Query` runs where the data is, and is loaded lazily. A `Load` adds its rows itself. A pandas frame is stored and
loaded for assets that need one. Nothing else is accepted.
"""

from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import dagster as dg

from rfm_assets.config.money import money
from rfm_assets.contracts import TABLES, Table
from rfm_assets.errors import ContractError
from rfm_assets.metadata_table import metadata_table
from rfm_assets.warehouse.conformance import tables_must_exist
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.engine import Engine, Load
from rfm_assets.warehouse.protocols import Connection
from rfm_assets.warehouse.query import Query, bind

if TYPE_CHECKING:
    import pandas as pd

_MONEY_IN_PREVIEWS = {"spent", "median_monetary"}


class WarehouseIOManager(dg.IOManager):
    """Stores each asset in the table with its address, in one transaction for the run's days."""

    def __init__(self, warehouse: Engine) -> None:
        self.warehouse = warehouse

    def handle_output(self, context: dg.OutputContext, obj: "Query | Load | pd.DataFrame") -> None:
        """Replaces the run's days of the asset's table.

        Raises:
            ContractError: when the value has an unsupported type, or its rows do not fit the table's contract.
            RefusedFileError: when a landed file cannot be read.
            WarehouseError: when the tables cannot be opened or an input table is missing.
        """
        days = _days(context)
        with self.warehouse.replacing(days, obj) as (connection, rows_per_day):
            preview = _preview(connection, days)
        context.add_output_metadata({"dagster/storage_kind": self.warehouse.name})
        _report(context, rows_per_day, preview)

    def load_input(self, context: dg.InputContext) -> "Query | pd.DataFrame":
        """Loads the days of the partition mapping: as a lazy query, or as a frame if annotated as one.

        Raises:
            ContractError: when another type is annotated.
            WarehouseError: when a frame is annotated and the table does not exist yet.
        """
        kind = context.dagster_type.typing_type
        if kind in {Query, Any}:
            return _days(context).select()
        if getattr(kind, "__name__", "") == "DataFrame":
            return self._load_frame(context, _days(context))
        asked = context.dagster_type.display_name
        message = f"the warehouse gives queries and pandas frames of {_table(context).address}, not {asked}"
        raise ContractError(message)

    def _load_frame(self, context: dg.InputContext, days: Days) -> "pd.DataFrame":
        columns = ", ".join((context.definition_metadata or {}).get("columns") or days.table.types)
        with self.warehouse.connect(read_only=True) as connection, tables_must_exist(days.table):
            return connection.execute(f"SELECT {columns} FROM ({days.select().text})").df()


@dg.io_manager(required_resource_keys={"warehouse"}, description="Stores assets as tables of the warehouse.")
def warehouse_io_manager(context: dg.InitResourceContext) -> WarehouseIOManager:
    """The IO manager over the run's own warehouse; a nested resource would be a second one."""
    return WarehouseIOManager(context.resources.warehouse)


def _table(context: dg.OutputContext | dg.InputContext) -> Table:
    table = TABLES.get(context.asset_key)
    if table is None:
        message = (
            f"asset {context.asset_key.to_user_string()} has no contract: declare its table in rfm_assets/contracts"
        )
        raise ContractError(message)
    return table


def _days(context: dg.OutputContext | dg.InputContext) -> Days:
    table, days = _table(context), context.asset_partition_key_range
    return Days(table, date.fromisoformat(days.start), date.fromisoformat(days.end))


def _preview(connection: Connection, days: Days) -> dg.TableMetadataValue | None:
    """The preview of the last day, by the layer's TABLE_preview.sql, if there is one."""
    name = days.table.address.split(".")[1]
    statement = files(f"rfm_assets.{days.table.schema}").joinpath(f"{name}_preview.sql")
    if not statement.is_file():
        return None
    result = connection.execute(bind(statement.read_text(encoding="utf-8"), day=days.last))
    header = [str(column[0]) for column in result.description]
    rows = [[_written(name, value) for name, value in zip(header, row, strict=True)] for row in result.fetchall()]
    return metadata_table(header, rows)


def _written(name: str, value: Any) -> Any:  # noqa: ANN401 - whatever a preview selects
    return money(value) if name in _MONEY_IN_PREVIEWS and value is not None else value


def _report(context: dg.OutputContext, rows_per_day: Mapping[date, int], preview: dg.TableMetadataValue | None) -> None:
    """Reports each day's row count (for the UI's Plots tab) and the last day's preview."""
    keys = context.asset_partition_keys
    for key in keys:
        rows = rows_per_day.get(date.fromisoformat(key), 0)
        context.step_context.add_asset_metadata({"dagster/partition_row_count": rows}, context.asset_key, key)
    if preview:
        context.step_context.add_asset_metadata({"preview": preview}, context.asset_key, keys[-1])
