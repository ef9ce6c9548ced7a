"""The pipeline without Dagster: rows put in by hand, and the very functions of the assets over one connection.

A run through Dagster takes seconds, this takes milliseconds, so that rules can be tried on many small histories.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import dagster as dg
import duckdb

from rfm_assets.bronze.landed_files import fetch_days
from rfm_assets.contracts import TABLES, Table, bronze
from rfm_assets.definitions import defs
from rfm_assets.gold.assets import customer_rfm
from rfm_assets.landing.zone import LandingZone
from rfm_assets.partitions import EVERY_DAY_SO_FAR
from rfm_assets.warehouse.query import Query
from rfm_assets.warehouse.slices import Slice

FIRST = date(2025, 6, 26)  # the calendar's first day, a Thursday
READ_AT = datetime(2025, 6, 26, 18, 30)  # noqa: DTZ001 - the warehouse keeps UTC without a zone

ALL = frozenset(TABLES.values())

Row = Mapping[str, Any]


def day(number: int) -> date:
    """The calendar's first day is day 1."""
    return FIRST + timedelta(days=number - 1)


def line(**varied: Any) -> Row:  # noqa: ANN401 - whatever a column may hold
    """A bronze line that passes every rule, but for the columns named; `on` is its processing day."""
    on = varied.pop("on", FIRST)
    texts = {
        "Invoice": "489434",
        "StockCode": "85048",
        "Description": "CHRISTMAS GLASS BALL",
        "Quantity": "12",
        "Price": "6.95",
        "CustomerID": "13085.0",
        "Country": "United Kingdom",
        "InvoiceDate": str(on),
        "_rescued_data": None,
        "source_file": f"{on}_transactions.csv",
    }
    return texts | {"ingestion_timestamp": READ_AT, "processing_date": on} | varied


def malformed(**varied: Any) -> Row:  # noqa: ANN401
    """A bronze line that could not be split into columns."""
    empty = dict.fromkeys([*bronze.SOURCE_COLUMNS.values()])
    return {**line(**varied), **empty, "_rescued_data": "489434,85048,too few", **varied}


def sold(customer: str | None = "13085", invoice: str = "489434", amount: str = "1.00", **varied: Any) -> Row:  # noqa: ANN401
    """A silver row of one unit; `on` is its processing day, and its invoice is of that day unless `InvoiceDate` is."""
    on = varied.pop("on", FIRST)
    invoiced = varied.get("InvoiceDate", on)
    quantity, price = varied.get("Quantity", 1), Decimal(varied.get("UnitPrice", amount))
    return {
        "InvoiceNo": invoice,
        "StockCode": "85048",
        "Description": "CHRISTMAS GLASS BALL",
        "Quantity": quantity,
        "UnitPrice": price,
        "CustomerID": customer,
        "Country": "United Kingdom",
        "InvoiceDate": invoiced,
        "ingestion_timestamp": READ_AT,
        "source_file": f"{on}_transactions.csv",
        "processing_date": on,
        "IsCancellation": invoice[0] in "cC",
        "TotalPrice": quantity * price,
        "Year": invoiced.year,
        "Month": invoiced.month,
        "DayOfWeek": invoiced.isoweekday() % 7 + 1,
        "SurrogateKey": f"{invoice}_85048_{quantity}",
    } | varied


@contextmanager
def empty_warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """Every table of the contracts, empty, in memory."""
    with duckdb.connect() as connection:
        make_tables(connection)
        yield connection


def make_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes every table that is not there yet."""
    for table in TABLES.values():
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {table.schema}")
        connection.execute(table.ddl())


def clear(connection: duckdb.DuckDBPyConnection) -> None:
    """Empties every table."""
    for table in TABLES.values():
        connection.execute(f"TRUNCATE {table.address}")


def put(connection: duckdb.DuckDBPyConnection, table: Table, *rows: Row) -> None:
    """Adds rows by hand; a column that is not named is NULL."""
    for row in rows:
        values = ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO {table.address} ({', '.join(row)}) VALUES ({values})", list(row.values()))


def dicts(connection: duckdb.DuckDBPyConnection, select: str) -> list[dict[str, Any]]:
    """What a SELECT finds, by column name."""
    result = connection.execute(select)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


@cache
def assets_in_order() -> Sequence[dg.AssetsDefinition]:
    """The assets that return queries, each after those it reads from."""
    order = defs.resolve_asset_graph().toposorted_asset_keys
    found = [asset for asset in defs.assets or [] if isinstance(asset, dg.AssetsDefinition)]
    ours = [asset for asset in found if {key.path[0] for key in asset.keys} <= {"silver", "quality", "gold"}]
    return sorted(ours, key=lambda asset: max(order.index(key) for key in asset.keys))


def queries(asset: dg.AssetsDefinition, first: date, last: date) -> Mapping[Table, Query]:
    """What an asset returns for the days of a run, over the stored tables."""
    inputs = {
        name: Slice(TABLES[key], _reaches_back_to(asset, key, first), last).select()
        for name, key in asset.keys_by_input_name.items()
    }
    days = dg.build_asset_context(partition_key_range=dg.PartitionKeyRange(str(first), str(last)))
    returned = asset(*([days] if asset.keys == customer_rfm.keys else []), **inputs)
    made = returned if isinstance(returned, tuple) else (returned,)
    return dict(zip([TABLES[key] for key in asset.keys_by_output_name.values()], made, strict=True))


def materialize(
    connection: duckdb.DuckDBPyConnection, first: date, last: date | None = None, *, tables: Container[Table] = ALL
) -> None:
    """Fills the tables that queries make, or those of them that are named, for some days, as one run does."""
    for asset in assets_in_order():
        for table, query in queries(asset, first, last or first).items():
            if table in tables:
                Slice(table, first, last or first).replace(connection, query)


def load(connection: duckdb.DuckDBPyConnection, zone: LandingZone, first: date, last: date) -> None:
    """Fills bronze for some days from their landed files."""
    days = Slice(bronze.TRANSACTIONS, first, last)
    days.clear(connection)
    fetch_days(zone, first, last).load(connection, days)


def _reaches_back_to(asset: dg.AssetsDefinition, read: dg.AssetKey, first: date) -> date:
    return date.min if asset.get_partition_mapping(read) == EVERY_DAY_SO_FAR else first
