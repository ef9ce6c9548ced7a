"""The stored tables of a Spark cluster, for a published copy: only days that the copy lacks are fetched."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar

import duckdb

from rfm_assets.bronze import unloaded
from rfm_assets.contracts import Table
from rfm_assets.errors import MissingTableError
from rfm_assets.literals import literal
from rfm_assets.publishing.held_days import days_of_copy
from rfm_assets.publishing.tables import PUBLISHED, Published
from rfm_assets.warehouse.query import Query
from rfm_assets.warehouse.spark.connection import SparkConnection
from rfm_assets.warehouse.spark.versions import Held, StoredDay


@dataclass(frozen=True)
class StoredOnCluster:
    """The tables of a Spark cluster; rows are fetched on demand into a Parquet file in `folder`."""

    cluster: SparkConnection
    connection: duckdb.DuckDBPyConnection
    folder: Path
    published: Path | None = None
    """Where the copy is that tells how many rows the days have that have not changed since."""
    knows_emptied_days: ClassVar[bool] = False

    def emptied_days(self) -> Collection[date]:
        """As recorded when they were emptied."""
        return unloaded.emptied_days(self.cluster)

    def take_stock(self, of: Sequence[Published] = PUBLISHED) -> Sequence[Published]:
        """Counts the rows; a day's version is the names of its files."""
        tables = [one for one in of if self.cluster.has(one.table)]
        if not tables:
            message = "nothing has been stored on the cluster yet: materialize a day first, or set RFM_SPARK_WAREHOUSE"
            raise MissingTableError(message)
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE stock (table_name VARCHAR, day DATE, version UUID, rows BIGINT)"
        )
        stock = [
            f"({literal(address)}, DATE '{day}', {literal(str(version)) if version else 'NULL'}, {rows})"
            for (address, day), (version, rows) in self._versions([one.table for one in tables]).items()
        ]
        if stock:
            self.connection.execute(f"INSERT INTO stock VALUES {', '.join(stock)}")
        return tables

    def _versions(self, tables: Sequence[Table]) -> Mapping[StoredDay, Held]:
        known = days_of_copy(self.published) if self.published else ()
        return self.cluster.versions_per_day(
            tables, {StoredDay(address, day): Held(version, rows) for address, day, version, rows in known}
        )

    def rows(self, one: Published, days: Collection[date]) -> str:
        """Selects the rows from the cluster's files if this machine has them, else fetches them first."""
        if files := self.cluster.files_here(one.table, days):
            self._show(one.table, files)
            return one.select(days)
        return self._fetched(one.select(days), one.table)

    def _show(self, table: Table, files: Sequence[str]) -> None:
        """Creates a view of some files of a table at its address, with NULL in columns that they lack."""
        lacking = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in table.types.items())
        columns = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in table.types.items())
        listed = ", ".join(map(literal, files))
        self.connection.execute(f"CREATE SCHEMA IF NOT EXISTS {table.schema}")
        self.connection.execute(
            f"""CREATE OR REPLACE VIEW {table.address} AS
            SELECT {columns} FROM (
                SELECT * FROM read_parquet([{listed}], hive_partitioning = true, union_by_name = true)
                UNION ALL BY NAME SELECT {lacking} WHERE false
            )"""
        )

    def found(self, query: Query, table: Table) -> str:
        """Fetches the query's rows, and selects them from the file in the order of the table's key."""
        return f"{self._fetched(query.sql(), table)} ORDER BY {', '.join(table.key)}"

    def _fetched(self, select: str, table: Table) -> str:
        file = literal(str(self.folder / f"{table.address}.parquet"))
        self.cluster.execute(f"COPY ({select}) TO {file} (FORMAT parquet)")
        return f"SELECT {', '.join(table.types)} FROM read_parquet({file})"
