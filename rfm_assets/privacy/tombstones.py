"""Stops files that arrive again from bringing back an erased customer: loading clears the id and counts the lines."""

import logging
from pathlib import Path

import duckdb

from rfm_assets.contracts.bronze import TRANSACTIONS
from rfm_assets.literals import literal
from rfm_assets.privacy.customer_ids import CustomerIds
from rfm_assets.privacy.customer_rows import find_texts, names, without
from rfm_assets.privacy.register import Register
from rfm_assets.warehouse.days import Days

ERASED_LINES = "meta.erased_lines"
"""The number of lines per day and file that were loaded without the id of an erased customer."""

_log = logging.getLogger(__name__)


def without_erased(connection: duckdb.DuckDBPyConnection, lines: str) -> str:
    """The SELECT of the lines to load: the split lines, without the names of erased customers."""
    register = _register(connection)
    if register is None:
        return lines
    ids = CustomerIds(register.key)
    ids.prepare(connection)
    digests = ", ".join(map(literal, register.stages))
    relation = f"({lines})"
    if not find_texts(connection, [(relation, TRANSACTIONS)], f"{ids.expression('customer')} IN ({digests})"):
        return lines
    (count,) = connection.execute(
        f"""INSERT INTO {ERASED_LINES}
        SELECT processing_date, source_file, count(*) FROM {relation} AS source WHERE {names(TRANSACTIONS)} GROUP BY ALL
        """
    ).fetchone() or (0,)
    _log.warning(
        "lines of %d landed files name erased customers: they are loaded without the id, see %s", count, ERASED_LINES
    )
    return without(relation, TRANSACTIONS)


def clear_counts(connection: duckdb.DuckDBPyConnection, days: Days) -> None:
    """Deletes the counts of days that are loaded again."""
    if _register(connection) is not None:
        connection.execute("CREATE SCHEMA IF NOT EXISTS meta")
        connection.execute(
            f"CREATE TABLE IF NOT EXISTS {ERASED_LINES} (processing_date DATE, source_file VARCHAR, lines BIGINT)"
        )
        connection.execute(f"DELETE FROM {ERASED_LINES} WHERE {days.covers('processing_date')}")


def _register(connection: duckdb.DuckDBPyConnection) -> Register | None:
    """The register of the connection's warehouse, if anybody has been erased from it."""
    ((path,),) = connection.execute(
        "SELECT path FROM duckdb_databases() WHERE database_name = current_database()"
    ).fetchall()
    register = Register.of(Path(path)) if path else None
    return register if register and register.stages else None
