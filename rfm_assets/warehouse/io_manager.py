"""Joins the warehouse to Dagster: what an asset returns is stored, what it takes is found again.

A `Query` runs where the data is, and is loaded unread. A `Load` adds its rows itself. A pandas frame is
stored and loaded for the assets that need one. Nothing else is accepted.
"""

import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import dagster as dg
import duckdb

from rfm_assets.contracts import TABLES
from rfm_assets.errors import ContractError
from rfm_assets.markdown import markdown_table
from rfm_assets.warehouse.connection import Warehouse
from rfm_assets.warehouse.query import Query
from rfm_assets.warehouse.slices import Load, Slice, tables_must_exist

if TYPE_CHECKING:
    import pandas as pd


class WarehouseIOManager(dg.IOManager):
    """Stores each asset in the table of its own address, one transaction for the days of a run."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse

    def handle_output(self, context: dg.OutputContext, obj: "Query | Load | pd.DataFrame") -> None:
        """Replaces the run's days of the asset's table.

        Raises:
            ContractError: when the value is of another kind, or its rows do not fit the table's contract.
            RefusedFileError: when a landed file cannot be read.
            WarehouseError: when the file stays locked or an input table is missing.
        """
        days = _slice(context)
        with self.warehouse.transaction() as connection:
            if isinstance(obj, Load):
                loaded = replace(days, without=frozenset(obj.refused))
                loaded.clear(connection)
                obj.load(connection, loaded)
                rows_per_day = days.rows_per_day(connection)
            else:
                rows_per_day = days.replace(connection, _as_query(obj, connection))
            glance = _glance(connection, days)
        _report(context, rows_per_day, glance)

    def load_input(self, context: dg.InputContext) -> "Query | pd.DataFrame":
        """Gives the days the partition mapping asks for: a query not yet run, or a frame where one is annotated.

        Raises:
            ContractError: when another kind of value is asked for.
            WarehouseError: when a frame is asked for of a table that is not there yet.
        """
        days, kind = _slice(context), context.dagster_type.typing_type
        if kind in {Query, Any}:
            return days.select()
        if getattr(kind, "__name__", "") == "DataFrame":
            return self._load_frame(context, days)
        asked = context.dagster_type.display_name
        message = f"the warehouse gives queries and pandas frames of {days.table.address}, not {asked}"
        raise ContractError(message)

    def _load_frame(self, context: dg.InputContext, days: Slice) -> "pd.DataFrame":
        from dagster._core.storage.db_io_manager import TableSlice
        from dagster_duckdb_pandas import DuckDBPandasTypeHandler

        columns = (context.definition_metadata or {}).get("columns")
        with self.warehouse.connect(read_only=True) as connection:
            with tables_must_exist(days.table):
                connection.execute(f"CREATE TEMP VIEW days_of_input AS {days.select().text}")
            view = TableSlice(table="days_of_input", schema="temp", columns=columns)
            return DuckDBPandasTypeHandler().load_input(context, view, connection)


@dg.io_manager(required_resource_keys={"warehouse"}, description="Stores assets as tables of the warehouse.")
def warehouse_io_manager(context: dg.InitResourceContext) -> WarehouseIOManager:
    """The IO manager over the run's own warehouse; as a nested resource that would be a second one."""
    return WarehouseIOManager(context.resources.warehouse)


def _slice(context: dg.OutputContext | dg.InputContext) -> Slice:
    table = TABLES.get(context.asset_key)
    if table is None:
        message = (
            f"asset {context.asset_key.to_user_string()} has no contract: declare its table in rfm_assets/contracts"
        )
        raise ContractError(message)
    days = context.asset_partition_key_range
    return Slice(table, date.fromisoformat(days.start), date.fromisoformat(days.end))


def _as_query(obj: "Query | pd.DataFrame", connection: duckdb.DuckDBPyConnection) -> Query:
    if isinstance(obj, Query):
        return obj
    pandas = sys.modules.get("pandas")  # whoever made a frame has imported it
    if pandas is None or not isinstance(obj, pandas.DataFrame):
        message = f"the warehouse stores queries, landed files and pandas frames, not {type(obj).__name__}"
        raise ContractError(message)
    connection.register("frame_of_asset", obj)
    return Query("SELECT * FROM frame_of_asset")


def _glance(connection: duckdb.DuckDBPyConnection, days: Slice) -> str:
    """What a person wants to see of the last day, as a Markdown table: the layer's TABLE_glance.sql, if it has one."""
    name = days.table.address.split(".")[1]
    statement = files(f"rfm_assets.{days.table.schema}").joinpath(f"{name}_glance.sql")
    if not statement.is_file():
        return ""
    # Written in, since DuckDB loads pandas for any parameter, which takes longer than most steps.
    text = statement.read_text(encoding="utf-8").replace("$day", f"DATE '{days.last}'")
    result = connection.execute(text)
    return markdown_table([str(column[0]) for column in result.description], result.fetchall())


def _report(context: dg.OutputContext, rows_per_day: Mapping[date, int], glance: str) -> None:
    """Tells the UI each day's own row count (its Plots tab draws them) and the last day's glance."""
    context.add_output_metadata({"dagster/storage_kind": "duckdb"})
    keys = context.asset_partition_keys
    for key in keys:
        rows = rows_per_day.get(date.fromisoformat(key), 0)
        context.step_context.add_asset_metadata({"dagster/partition_row_count": rows}, context.asset_key, key)
    if glance:
        context.step_context.add_asset_metadata({"glance": dg.MetadataValue.md(glance)}, context.asset_key, keys[-1])
