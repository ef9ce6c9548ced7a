"""Which as-of days have lost their customers to `thin_snapshots`, so that nobody misses them."""

from datetime import date

from rfm_assets.contracts import TABLES, Table
from rfm_assets.contracts.gold import SEGMENT_THRESHOLDS
from rfm_assets.warehouse.protocols import Connection
from rfm_assets.warehouse.stored import stored_among

# A row for each customer and day: the tables that grow with customers times days. Those with a row for each day and
# segment, cluster or measure stay whole. They are small, and are what charts over time are drawn from.
SNAPSHOTS = tuple(table for table in TABLES.values() if {"as_of_date", "CustomerID"} <= set(table.key))


def thinned_days(connection: Connection, first: date, last: date) -> frozenset[date]:
    """The days from `first` to `last` that have been thinned: their thresholds are there, and none of their customers.

    A day that lost its rows in one table only, by whatever mistake, is not among them.
    """
    if not stored_among(connection, [SEGMENT_THRESHOLDS.address]):
        return frozenset()
    made = connection.execute(
        f"SELECT as_of_date FROM {SEGMENT_THRESHOLDS.address} WHERE as_of_date BETWEEN DATE '{first}' AND DATE '{last}'"
    ).fetchall()
    return frozenset(day for (day,) in made) - days_with_customers(connection, first, last)


def days_with_customers(connection: Connection, first: date = date.min, last: date = date.max) -> frozenset[date]:
    """The days of which any customer is stored; a table that was never made has none."""
    selects = [
        f"SELECT DISTINCT as_of_date FROM {table.address} WHERE as_of_date BETWEEN DATE '{first}' AND DATE '{last}'"
        for table in stored_snapshots(connection)
    ]
    stored = connection.execute(" UNION ALL ".join(selects)).fetchall() if selects else []
    return frozenset(day for (day,) in stored)


def stored_snapshots(connection: Connection) -> list[Table]:
    """The tables of customers and days that have been made."""
    there = stored_among(connection, [table.address for table in SNAPSHOTS])
    return [table for table in SNAPSHOTS if table.address in there]
