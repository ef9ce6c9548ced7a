"""Brings stored tables up to their contracts, as far as that loses nothing: columns that may be empty are added, empty.

What departs from a contract in any other way is left as it is, and refused by the write.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import duckdb

from rfm_assets.contracts import Column, Table
from rfm_assets.warehouse.query import literal

Lacking = Mapping[Table, Sequence[Column]]


def addable(stored: Mapping[str, str], table: Table) -> Sequence[Column]:
    """The columns that a stored table lacks, given those that it has with their types.

    None where it lacks one that may not be empty, or has another one than its contract: then it is not an older version
    of the table.
    """
    lacking = [column for column in table.columns if column.name not in stored]
    is_older = stored.items() <= table.types.items() and all(column.nullable for column in lacking)
    return lacking if is_older else ()


def lacking_columns(connection: duckdb.DuckDBPyConnection, tables: Iterable[Table], database: str) -> Lacking:
    """The columns to add to those of some tables that are stored in an open database."""
    stored: dict[str, dict[str, str]] = defaultdict(dict)
    found = connection.execute(
        f"""SELECT schema_name || '.' || table_name, column_name, data_type FROM duckdb_columns()
        WHERE database_name = {literal(database)}"""
    )
    for address, name, kind in found.fetchall():
        stored[address][name] = kind
    columns = {table: addable(stored[table.address], table) for table in tables if table.address in stored}
    return {table: lacking for table, lacking in columns.items() if lacking}


def add_columns(connection: duckdb.DuckDBPyConnection, lacking: Lacking, database: str) -> None:
    """Adds columns to the tables of an open database, all of them or, after an error, none."""
    connection.begin()
    try:
        for table, columns in lacking.items():
            for column in columns:
                connection.execute(f'ALTER TABLE "{database}".{table.address} ADD COLUMN {column.name} {column.type}')
        connection.commit()
    except duckdb.Error:
        connection.rollback()
        raise
