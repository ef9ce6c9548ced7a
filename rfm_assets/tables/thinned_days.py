"""As-of days that `thin_snapshots` has thinned, so that checks do not report their customers as missing."""

from datetime import date

from rfm_assets.contracts import TABLES, Table
from rfm_assets.contracts.gold import SEGMENT_THRESHOLDS
from rfm_assets.warehouse.protocols import Connection
from rfm_assets.warehouse.stored import stored_among

# Tables with a row per customer and day, which grow with customers times days. Tables with a row per day and segment,
# cluster or measure stay whole: they are small, and charts over time need them.
SNAPSHOTS = tuple(table for table in TABLES.values() if {"as_of_date", "CustomerID"} <= set(table.key))


def thinned_days(connection: Connection, first: date, last: date) -> frozenset[date]:
    """The thinned days from `first` to `last`: days with thresholds, but without customers.

    A day that lost its rows in only one table, by mistake, is not among them.
    """
    if not stored_among(connection, [SEGMENT_THRESHOLDS.address]):
        return frozenset()
    made = connection.execute(
        f"SELECT as_of_date FROM {SEGMENT_THRESHOLDS.address} WHERE as_of_date BETWEEN DATE '{first}' AND DATE '{last}'"
    ).fetchall()
    return frozenset(day for (day,) in made) - days_with_customers(connection, first, last)


def days_with_customers(connection: Connection, first: date = date.min, last: date = date.max) -> frozenset[date]:
    """The days with stored customers; a missing table has none."""
    selects = [
        f"SELECT DISTINCT as_of_date FROM {table.address} WHERE as_of_date BETWEEN DATE '{first}' AND DATE '{last}'"
        for table in stored_snapshots(connection)
    ]
    stored = connection.execute(" UNION ALL ".join(selects)).fetchall() if selects else []
    return frozenset(day for (day,) in stored)


def stored_snapshots(connection: Connection) -> list[Table]:
    """The per-customer tables that exist."""
    there = stored_among(connection, [table.address for table in SNAPSHOTS])
    return [table for table in SNAPSHOTS if table.address in there]
