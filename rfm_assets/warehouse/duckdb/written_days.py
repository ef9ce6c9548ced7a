"""A version per table and day, renewed with every write, so that a copy can tell which of its days are outdated."""

from uuid import uuid4

import duckdb

from rfm_assets.literals import literal

WRITTEN_DAYS = "meta.written_days"


def ensure_written_days(connection: duckdb.DuckDBPyConnection) -> None:
    """Creates the table of versions if it is new."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS meta")
    connection.execute(f"CREATE TABLE IF NOT EXISTS {WRITTEN_DAYS} (table_name VARCHAR, day DATE, version UUID)")


def mark_written(connection: duckdb.DuckDBPyConnection, table: str, days: str) -> None:
    """Gives days of a table, the rows of a SELECT, a fresh version, in the transaction that writes them."""
    ensure_written_days(connection)
    connection.execute(f"DELETE FROM {WRITTEN_DAYS} WHERE table_name = {literal(table)} AND day IN ({days})")
    connection.execute(f"INSERT INTO {WRITTEN_DAYS} SELECT {literal(table)}, day, UUID '{uuid4()}' FROM ({days})")
