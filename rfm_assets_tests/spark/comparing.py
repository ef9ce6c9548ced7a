"""Compares what two engines stored, cell by cell: DuckDB reads the Parquet files that Spark wrote."""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from rfm_assets.contracts import TABLES, Table

CLOCKS = {"ingestion_timestamp", "created_timestamp", "first_seen", "loaded_at"}
_EXAMPLES = 3


def differences(
    connection: duckdb.DuckDBPyConnection, folder: Path, tables: Iterable[Table] = tuple(TABLES.values())
) -> dict[str, object]:
    """Of each table that differs, rows that only DuckDB has and rows that only Spark has.

    All columns but for when a row was made are compared exactly, doubles to 1e-9 (those above 1 to 1e-6): the middle of
    two amounts may differ in its last bit. Equal rows are counted.
    """
    found = {}
    for table in tables:
        ours, theirs = f"SELECT {columns_of(table)} FROM {table.address}", _stored_by_spark(table, folder)
        only_ours = connection.execute(f"{ours} EXCEPT ALL {theirs} LIMIT {_EXAMPLES}").fetchall()
        only_theirs = connection.execute(f"{theirs} EXCEPT ALL {ours} LIMIT {_EXAMPLES}").fetchall()
        if only_ours or only_theirs:
            found[table.address] = {"DuckDB alone": only_ours, "Spark alone": only_theirs}
    return found


def columns_of(table: Table) -> str:
    """The columns to compare, in the types of the contract."""
    return ", ".join(
        f"{_rounded(f'CAST({name} AS {kind})', kind)} AS {name}"
        for name, kind in table.types.items()
        if name not in CLOCKS
    )


def _rounded(cell: str, kind: str) -> str:
    return f"CASE WHEN abs({cell}) <= 1 THEN round({cell}, 9) ELSE round({cell}, 6) END" if kind == "DOUBLE" else cell


def _stored_by_spark(table: Table, folder: Path) -> str:
    place = folder.joinpath(*table.address.split("."))
    if not list(place.glob("*/*.parquet")):
        return f"SELECT {columns_of(table)} FROM {table.address} WHERE false"
    files = f"read_parquet('{place}/*/*.parquet', hive_partitioning = true)"
    return f"SELECT {columns_of(table)} FROM {files}"
