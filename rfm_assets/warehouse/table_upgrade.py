"""Upgrades stored tables to their contracts, by the listed steps of later versions, then by adding nullable columns.

Any other departure from a contract is left as it is, and refused by the write.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

from rfm_assets.contracts import Column, Table
from rfm_assets.errors import ContractError
from rfm_assets.literals import literal
from rfm_assets.schema.versions import Version
from rfm_assets.warehouse.conformance import must_be_as_declared

Stored = Mapping[str, Mapping[str, str]]
"""The columns of each stored table with their types, by table address."""

Lacking = Mapping[Table, Sequence[Column]]


@dataclass(frozen=True)
class Change:
    """A change of a stored table: its old address, and the SELECT of its new rows."""

    origin: str
    select: str


def addable(stored: Mapping[str, str], table: Table) -> Sequence[Column]:
    """The columns that a stored table lacks, given its columns with their types.

    Empty if it lacks a required column, or has one that differs from the contract: then it is not an older version of
    the table.
    """
    lacking = [column for column in table.columns if column.name not in stored]
    is_older = stored.items() <= table.types.items() and all(column.nullable for column in lacking)
    return lacking if is_older else ()


def stored_columns(connection: duckdb.DuckDBPyConnection, database: str) -> Stored:
    """The columns of every table of an open database."""
    stored: dict[str, dict[str, str]] = defaultdict(dict)
    found = connection.execute(
        f"""SELECT schema_name || '.' || table_name, column_name, data_type FROM duckdb_columns()
        WHERE database_name = {literal(database)}"""
    )
    for address, name, kind in found.fetchall():
        stored[address][name] = kind
    return stored


def lacking_columns(stored: Stored, tables: Iterable[Table]) -> Lacking:
    """The columns to add to stored tables."""
    columns = {table: addable(stored[table.address], table) for table in tables if table.address in stored}
    return {table: lacking for table, lacking in columns.items() if lacking}


def changes_by(versions: Sequence[Version], stored: Stored) -> Mapping[str, Change]:
    """The changes that versions' steps make to stored tables, by the address afterwards.

    Steps for tables that are not stored are skipped.
    """
    changes: dict[str, Change] = {}
    for step in (step for version in versions for step in version.steps):
        is_renamed = step.table in {change.origin for change in changes.values()}
        as_stored = Change(step.table, f"FROM {step.table}") if step.table in stored and not is_renamed else None
        if before := changes.pop(step.table, as_stored):
            changes[step.becomes] = Change(before.origin, step.select(before.select))
    return changes


def rebuild(connection: duckdb.DuckDBPyConnection, changes: Mapping[str, Change], tables: Iterable[Table]) -> None:
    """Creates the changed tables from their contracts and fills them, inside the caller's transaction.

    Tables are rewritten in full: DuckDB does not update a table that the same transaction has altered.

    Raises:
        ContractError: when the result of the steps does not match the contract.
    """
    declared = {table.address: table for table in tables}
    for address, change in changes.items():
        if address not in declared:
            raise ContractError(f"the steps for {change.origin} lead to {address}, which no contract declares")
        table = declared[address]
        given = {name: kind for name, kind, *_ in connection.execute(f"DESCRIBE {change.select}").fetchall()}
        must_be_as_declared(given | {column.name: column.type for column in addable(given, table)}, table)
        new = replace(table, address=f"{address}__upgraded")
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {table.schema}")
        connection.execute(new.ddl())
        connection.execute(f"INSERT INTO {new.address} BY NAME {change.select}")
        connection.execute(f"DROP TABLE {change.origin}")
        connection.execute(f"ALTER TABLE {new.address} RENAME TO {address.split('.')[1]}")


def add_columns(connection: duckdb.DuckDBPyConnection, lacking: Lacking, database: str) -> None:
    """Adds empty columns to the tables of an open database."""
    for table, columns in lacking.items():
        for column in columns:
            connection.execute(f'ALTER TABLE "{database}".{table.address} ADD COLUMN {column.name} {column.type}')
