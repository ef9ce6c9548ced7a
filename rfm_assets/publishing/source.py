"""Sources of a published copy's rows: the warehouse file, or the tables of a Spark cluster."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar, Protocol

import duckdb

from rfm_assets.bronze import unloaded
from rfm_assets.contracts import Table
from rfm_assets.errors import PublishedError
from rfm_assets.publishing.tables import PUBLISHED, Published, listed, rows_per_day, stored_of
from rfm_assets.scratch import ScratchFolder
from rfm_assets.warehouse.duckdb.engine import DuckDBEngine
from rfm_assets.warehouse.duckdb.written_days import WRITTEN_DAYS, ensure_written_days
from rfm_assets.warehouse.engine import Engine
from rfm_assets.warehouse.query import Query
from rfm_assets.warehouse.spark.engine import SparkEngine


class Source(Protocol):
    """What is stored, by day, and how to read it for a published copy."""

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The connection that writes the published copy."""

    @property
    def knows_emptied_days(self) -> bool:
        """Whether the stock includes days written without rows, with their version."""

    def emptied_days(self) -> Collection[date]:
        """The days whose files were removed on purpose."""

    def take_stock(self, of: Sequence[Published] = PUBLISHED) -> Sequence[Published]:
        """Records the version and the rows of each day of tables in `stock`; returns the existing tables."""

    def rows(self, one: Published, days: Collection[date]) -> str:
        """A SELECT, for the connection, of what readers get of these days of a table."""

    def found(self, query: Query, table: Table) -> str:
        """A SELECT, for the connection, of a query over stored tables: the rows of a table of the copy."""


@dataclass(frozen=True)
class StoredInFile:
    """The warehouse file, over a connection that locks out other publishers."""

    connection: duckdb.DuckDBPyConnection
    knows_emptied_days: ClassVar[bool] = True

    def emptied_days(self) -> Collection[date]:
        """As recorded when they were emptied."""
        return unloaded.emptied_days(self.connection)

    def take_stock(self, of: Sequence[Published] = PUBLISHED) -> Sequence[Published]:
        """Counts the rows, and looks up the version that the safe write gave to each day."""
        ensure_written_days(self.connection)
        tables = stored_of(self.connection, of)
        self.connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE stock AS
            SELECT table_name, day, version, coalesce(rows, 0) AS rows
            FROM ({rows_per_day(tables)}) AS stored
            FULL JOIN (
                SELECT * FROM {WRITTEN_DAYS} WHERE table_name IN ({listed(tables)})
            ) AS written USING (table_name, day)"""
        )
        return tables

    def rows(self, one: Published, days: Collection[date]) -> str:
        """Selects from the file itself."""
        return one.select(days)

    def found(self, query: Query, table: Table) -> str:
        """The query, in the order of the table's key."""
        return f"SELECT * FROM ({query.sql()}) AS found ORDER BY {', '.join(table.key)}"


@contextmanager
def source_of(engine: Engine, published: Path | None = None) -> Iterator[Source]:
    """Opens what an engine has stored; with the folder of a published copy, its days need not be counted again.

    Raises:
        PublishedError: when the engine is unknown.
        WarehouseError: when it cannot be opened, or nothing has been stored yet.
    """
    if isinstance(engine, DuckDBEngine):
        engine.must_exist()
        with engine.connect() as connection:
            yield StoredInFile(connection)
    elif isinstance(engine, SparkEngine):
        from rfm_assets.publishing.spark_source import StoredOnCluster

        with (
            engine.connect(read_only=True) as cluster,
            duckdb.connect(config={"autoinstall_known_extensions": False}) as connection,
            ScratchFolder("publish") as folder,
        ):
            yield StoredOnCluster(cluster, connection, folder, published)
    else:
        raise PublishedError(f"cannot publish from the engine {engine.name}: set RFM_ENGINE")
