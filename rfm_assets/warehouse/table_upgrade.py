"""Brings stored tables up to their contracts: by the listed steps of later versions, then by columns that may be empty.

What departs from a contract in any other way is left as it is, and refused by the write.
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
"""The columns of each stored table with their types, by its address."""

Lacking = Mapping[Table, Sequence[Column]]


@dataclass(frozen=True)
class Change:
    """What becomes of a stored table: its address until now, and the SELECT of its rows as they are to be."""

    origin: str
    select: str


def addable(stored: Mapping[str, str], table: Table) -> Sequence[Column]:
    """The columns that a stored table lacks, given those that it has with their types.

    None where it lacks one that may not be empty, or has another one than its contract: then it is not an older version
    of the table.
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
    """The columns to add to those of some tables that are stored."""
    columns = {table: addable(stored[table.address], table) for table in tables if table.address in stored}
    return {table: lacking for table, lacking in columns.items() if lacking}


def changes_by(versions: Sequence[Version], stored: Stored) -> Mapping[str, Change]:
    """What the steps of some versions make of the stored tables, by the address that each has afterwards.

    Steps for a table that has not been stored are left out.
    """
    changes: dict[str, Change] = {}
    for step in (step for version in versions for step in version.steps):
        is_renamed = step.table in {change.origin for change in changes.values()}
        as_stored = Change(step.table, f"FROM {step.table}") if step.table in stored and not is_renamed else None
        if before := changes.pop(step.table, as_stored):
            changes[step.becomes] = Change(before.origin, step.select(before.select))
    return changes


def rebuild(connection: duckdb.DuckDBPyConnection, changes: Mapping[str, Change], tables: Iterable[Table]) -> None:
    """Makes the changed tables from their contracts and fills them, inside the caller's transaction.

    A table is written as a whole: DuckDB does not update a table that the same transaction has altered.

    Raises:
        ContractError: when what the steps lead to is not what the contract declares.
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
    """Adds columns, empty, to the tables of an open database."""
    for table, columns in lacking.items():
        for column in columns:
            connection.execute(f'ALTER TABLE "{database}".{table.address} ADD COLUMN {column.name} {column.type}')
