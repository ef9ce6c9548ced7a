"""Deletes the snapshots that the rule does not keep, from all their tables in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import duckdb

from rfm_assets.automation.kept_days import kept_days
from rfm_assets.contracts import Table
from rfm_assets.tables.thinned_days import days_with_customers, stored_snapshots
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.duckdb.engine import DuckDBEngine
from rfm_assets.warehouse.duckdb.write import clear


@dataclass(frozen=True)
class Thinned:
    """What was deleted: the days, and the number of rows by table address."""

    days: tuple[date, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)


def thin(warehouse: DuckDBEngine, *, daily_for_days: int) -> Thinned:
    """Deletes customers' rows of days that are not kept; a snapshot goes from all of its tables, or from none.

    Raises:
        ContractError: when a stored table does not match its contract.
        WarehouseError: when the file stays locked.
    """
    if not warehouse.exists:
        return Thinned()
    with warehouse.transaction() as connection:
        stored = days_with_customers(connection)
        kept = kept_days(stored, daily_for_days=daily_for_days)
        days = tuple(sorted(stored - kept))
        if not days:
            return Thinned()
        tables = stored_snapshots(connection)
        return Thinned(days, {table.address: _delete(connection, table, days, kept) for table in tables})


def _delete(connection: duckdb.DuckDBPyConnection, table: Table, days: tuple[date, ...], kept: frozenset[date]) -> int:
    gone = Days(table, days[0], days[-1], without=kept)
    rows = sum(gone.rows_per_day(connection).values())
    clear(connection, gone)
    return rows
