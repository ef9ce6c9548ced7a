"""Deletes the snapshots that the rule does not keep, from all of their tables in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import duckdb

from rfm_assets.automation.kept_days import kept_days
from rfm_assets.contracts import TABLES, Table
from rfm_assets.contracts.gold import SEGMENT_THRESHOLDS
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.duckdb.engine import DuckDBEngine
from rfm_assets.warehouse.engine import Connection
from rfm_assets.warehouse.stored import stored_among

# A row for each customer and day: the tables that grow with customers times days. Those with a row for each day and
# segment, cluster or measure stay whole. They are small, and are what charts over time are drawn from.
SNAPSHOTS = tuple(table for table in TABLES.values() if {"as_of_date", "CustomerID"} <= set(table.key))


@dataclass(frozen=True)
class Thinned:
    """What was deleted: the days, and the rows of them by table address."""

    days: tuple[date, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)


def thin(warehouse: DuckDBEngine, *, daily_for_days: int) -> Thinned:
    """Deletes the customers of the days that are not kept; a snapshot goes from all of its tables, or from none.

    Raises:
        ContractError: when a stored table is not as its contract says.
        WarehouseError: when the file stays locked.
    """
    if not warehouse.exists:
        return Thinned()
    with warehouse.transaction() as connection:
        stored = _stored_days(connection)
        kept = kept_days(stored, daily_for_days=daily_for_days)
        days = tuple(sorted(stored - kept))
        if not days:
            return Thinned()
        tables = _stored_snapshots(connection)
        return Thinned(days, {table.address: _delete(connection, table, days, kept) for table in tables})


def thinned_days(connection: Connection, first: date, last: date) -> frozenset[date]:
    """The days from `first` to `last` that have been thinned: their thresholds are there, and none of their customers.

    A day that lost its rows in one table only, by whatever mistake, is not among them.
    """
    if not stored_among(connection, [SEGMENT_THRESHOLDS.address]):
        return frozenset()
    made = connection.execute(
        f"SELECT as_of_date FROM {SEGMENT_THRESHOLDS.address} WHERE as_of_date BETWEEN DATE '{first}' AND DATE '{last}'"
    ).fetchall()
    return frozenset(day for (day,) in made) - _stored_days(connection, first, last)


def _stored_days(connection: Connection, first: date = date.min, last: date = date.max) -> frozenset[date]:
    """The days of which any customer is stored; a table that was never made has none."""
    selects = [
        f"SELECT DISTINCT as_of_date FROM {table.address} WHERE as_of_date BETWEEN DATE '{first}' AND DATE '{last}'"
        for table in _stored_snapshots(connection)
    ]
    return frozenset(day for select in selects for (day,) in connection.execute(select).fetchall())


def _stored_snapshots(connection: Connection) -> list[Table]:
    there = stored_among(connection, [table.address for table in SNAPSHOTS])
    return [table for table in SNAPSHOTS if table.address in there]


def _delete(connection: duckdb.DuckDBPyConnection, table: Table, days: tuple[date, ...], kept: frozenset[date]) -> int:
    gone = Days(table, days[0], days[-1], without=kept)
    rows = sum(gone.rows_per_day(connection).values())
    gone.clear(connection)
    return rows
