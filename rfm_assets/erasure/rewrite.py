"""Rewrites the warehouse file without the erased customers, beside the old one, and then replaces it.

A DELETE would leave their bytes in DuckDB's free blocks; the new file never holds them. What was computed from them is
rebuilt from the remaining lines before the new file replaces the old one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import dagster as dg
import duckdb

from rfm_assets.contracts import TABLES, Table, bronze, silver
from rfm_assets.errors import WarehouseError
from rfm_assets.literals import literal
from rfm_assets.partitions import days_between, range_tags, utc_today
from rfm_assets.privacy.customer_ids import CustomerIds
from rfm_assets.privacy.customer_rows import find_texts, names, without
from rfm_assets.settings import settings
from rfm_assets.tables.thinned_days import stored_snapshots, thinned_days
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.duckdb.engine import DuckDBEngine
from rfm_assets.warehouse.duckdb.write import clear
from rfm_assets.warehouse.stored import stored_among
from rfm_assets.whole_file import sync

_OLD, _NEW = "stored", "without"
# Lines, the source of all other tables. They stay, without the customer's name.
_LINES = {silver.TRANSACTIONS, silver.REJECTED_TRANSACTIONS} | {
    table for table in TABLES.values() if table.schema == "bronze"
}


@dataclass(frozen=True)
class Rewritten:
    """What an erasure found: rows by table, and the landed files behind them."""

    rows: dict[str, int] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    days: tuple[date, date] | None = None


def rewrite(warehouse: DuckDBEngine, digests: list[str], key: str) -> Rewritten:
    """Replaces the file by one without the customers of these digests; the old file stays until then.

    Raises:
        WarehouseError: when the file stays locked, cannot be read, or is written in the meantime.
    """
    with warehouse.connect() as connection:  # upgrades an older file, and merges its write-ahead log
        connection.execute("CHECKPOINT")
    warehouse.release()
    file = Path(warehouse.database).resolve()
    new = file.with_name(f"{file.name}.erasing")
    for path in (new, new.with_name(f"{new.name}.wal")):  # left by a killed process
        path.unlink(missing_ok=True)
    with _both(warehouse, new) as connection:
        tables = stored_tables(connection)
        customers = ", ".join(map(literal, digests))
        ids = CustomerIds(key)
        ids.prepare(connection)
        matches = f"{ids.expression('customer')} IN ({customers})"
        if not find_texts(connection, [(f"{_OLD}.{table.address}", table) for table in tables], matches):
            return Rewritten()
        found = _look(connection, tables)
        thinned = thinned_days(connection, *found.days) if found.days else frozenset()
        _copy(connection, tables, found.days)
        if found.days:
            staged = warehouse.at(new)
            _make_again(staged, connection, found.days, thinned)
        sync(new)
        new.replace(file)
        sync(file.parent)
    return found


def stored_tables(connection: duckdb.DuckDBPyConnection) -> list[Table]:
    """The stored tables that may name customers."""
    naming = [table for table in TABLES.values() if table.names_customers]
    there = stored_among(connection, [table.address for table in naming])
    return [table for table in naming if table.address in there]


@contextmanager
def _both(warehouse: DuckDBEngine, new: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the old file and a new one. Nobody can write to the old one until the block ends.

    The old file is opened read-only: closing it must not touch the log of the file that has replaced it.
    """
    file = Path(warehouse.database).resolve()
    config = {"temp_directory": f"{file}.tmp"} | warehouse.config()
    with duckdb.connect(config=config) as connection:
        connection.execute(f"ATTACH {literal(str(file))} AS {_OLD} (READ_ONLY)")
        connection.execute(f"ATTACH {literal(str(new))} AS {_NEW}")
        connection.execute(f"USE {_OLD}")
        if file.with_name(
            f"{file.name}.wal"
        ).exists():  # left by a process killed since; it would be applied to the new file
            raise WarehouseError(f"another process has written to {file} in the meantime: run `rfm erase` again")
        new.chmod(file.stat().st_mode & 0o777)
        yield connection


def _look(connection: duckdb.DuckDBPyConnection, tables: list[Table]) -> Rewritten:
    """The number of rows that name the customers, and the days from their first one to the last stored."""
    counted = {
        table: connection.execute(
            f"SELECT count(*), min({table.day}) FROM {table.address} WHERE {names(table)}"
        ).fetchall()[0]
        for table in tables
    }
    named = {table: first for table, (rows, first) in counted.items() if rows}
    last = max(
        day
        for table in tables
        for (day,) in connection.execute(f"SELECT max({table.day}) FROM {table.address}").fetchall()
        if day
    )
    first, last = max(min(named.values()), settings().start_date), min(last, utc_today())
    files: list[tuple[str]] = []
    if bronze.TRANSACTIONS in named:
        select = f"SELECT DISTINCT source_file FROM {bronze.TRANSACTIONS.address} WHERE {names(bronze.TRANSACTIONS)}"
        files = connection.execute(f"{select} ORDER BY 1").fetchall()
    return Rewritten(
        {table.address: counted[table][0] for table in named},
        tuple(file for (file,) in files),
        (first, last) if first <= last else None,
    )


def _copy(connection: duckdb.DuckDBPyConnection, tables: list[Table], days: tuple[date, date] | None) -> None:
    """Fills the new file with every table and view of the old one, and detaches the old one.

    Skips rows of `days` that will be rebuilt: the blocks of replaced rows would stay in the file.
    """
    connection.execute(f"COPY FROM DATABASE {_OLD} TO {_NEW} (SCHEMA)")
    contracts = {table.address: table for table in TABLES.values()}
    naming = {table.address for table in tables}
    found = connection.execute(
        f"SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = {literal(_OLD)} ORDER BY 1"
    ).fetchall()
    for (address,) in found:
        if address in contracts:  # a copied schema lacks the columns' compression
            connection.execute(f"DROP TABLE {_NEW}.{address}")
            connection.execute(contracts[address].ddl(_NEW))
        relation = f"{_OLD}.{address}"
        if days and address in contracts and contracts[address] not in _LINES:
            not_again = "{} NOT BETWEEN DATE '{}' AND DATE '{}'".format(contracts[address].day, *days)
            relation = f"(SELECT * FROM {relation} WHERE {not_again})"
        rows = without(relation, contracts[address]) if address in naming else f"FROM {relation}"
        connection.execute(f"INSERT INTO {_NEW}.{address} BY NAME {rows}")
    connection.execute(f"CHECKPOINT {_NEW}")
    connection.execute(f"DETACH {_NEW}")


def _make_again(
    staged: DuckDBEngine, old: duckdb.DuckDBPyConnection, days: tuple[date, date], thinned: frozenset[date]
) -> None:
    """Rebuilds, in the new file, everything made from lines, and deletes again what `thin_snapshots` had deleted."""
    from rfm_assets.definitions import build_definitions, resources_for

    made = stored_among(old, [table.address for table in TABLES.values() if table not in _LINES])
    keys = [table.asset_key for table in TABLES.values() if table.address in made]
    if keys:
        selection = dg.AssetSelection.assets(*keys).without_checks()
        job = dg.Definitions(jobs=[dg.define_asset_job("make_again", selection)])
        defs = dg.Definitions.merge(build_definitions(resources_for(settings()) | {"warehouse": staged}), job)
        with dg.DagsterInstance.ephemeral() as instance:
            defs.resolve_job_def("make_again").execute_in_process(
                instance=instance, tags=range_tags(*days), run_config={"loggers": {"progress": {}}}
            )
    with staged.transaction() as connection:
        for table in stored_snapshots(connection) if thinned else ():
            clear(connection, Days(table, min(thinned), max(thinned), without=_others(thinned)))
    with staged.connect() as connection:
        connection.execute("CHECKPOINT")


def _others(days: frozenset[date]) -> frozenset[date]:
    """The days missing between the first and the last of `days`."""
    return frozenset(days_between(min(days), max(days))) - days
