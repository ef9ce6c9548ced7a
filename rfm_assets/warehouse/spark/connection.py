"""Runs statements on Spark: translated by `dialect.py`, over tables that the cluster finds by their path."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cached_property
from glob import glob
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from pyspark.errors import AnalysisException
from pyspark.sql.connect.dataframe import DataFrame as ConnectDataFrame
from pyspark.sql.connect.plan import SQL, SubqueryAlias
from sqlglot import exp

from rfm_assets.contracts import TABLES, Table
from rfm_assets.errors import DialectError, MissingTableError, WarehouseError
from rfm_assets.warehouse.conformance import must_be_as_declared
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.spark.column_types import declared_type, spark_columns, spark_type
from rfm_assets.warehouse.spark.dialect import portable
from rfm_assets.warehouse.spark.shared_parts import in_parts
from rfm_assets.warehouse.spark.versions import Held, StoredDay, files_per_day, versions_of_folders, versions_of_rows
from rfm_assets.warehouse.table_upgrade import addable

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame, Row
    from pyspark.sql.connect.session import SparkSession

_BY_ADDRESS = {table.address: table for table in TABLES.values()}


class SparkResult:
    """The rows that a statement found, which stay on the cluster until they are asked for."""

    def __init__(self, frame: "DataFrame") -> None:
        self._frame = frame

    @property
    def description(self) -> Sequence[Sequence[Any]]:
        """The columns, each starting with its name; the rows bring them, so that the statement is not read twice."""
        names = self._rows[0].__fields__ if self._rows else self._frame.columns
        return [(name,) for name in names]

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows."""
        return [tuple(row) for row in self._rows]

    @cached_property
    def _rows(self) -> "Sequence[Row]":
        return self._frame.collect()

    def fetchone(self) -> tuple[Any, ...] | None:
        """The first row, if there is any."""
        return next((tuple(row) for row in self._frame.take(1)), None)

    def df(self) -> "pd.DataFrame":
        """All rows as a frame."""
        return self._frame.toPandas()


class SparkConnection:
    """A session in which every table of the contracts that has been stored is known by its address."""

    def __init__(
        self,
        session: "SparkSession",
        *,
        location: str,
        format: str,  # noqa: A002 - Spark's word
        for_a_day: Mapping[str, str],
        makes_parts_once: bool = False,
    ) -> None:
        self.session = session
        self.format = format
        self._makes_parts_once = makes_parts_once
        self._location = location
        self._known: set[str] = set()
        self._for_a_day = for_a_day
        self._expects_a_day = False

    def expect_rows_of(self, days: Days) -> None:
        """Suits the session to what is stored from now on: a single day, or more."""
        if (is_a_day := days.first == days.last) == self._expects_a_day:
            return
        for name, setting in self._for_a_day.items():
            if is_a_day:
                self.session.conf.set(name, setting)
            else:
                self.session.conf.unset(name)
        self._expects_a_day = is_a_day

    def execute(self, statement: str, /) -> SparkResult:
        """Runs a SELECT, or a COPY of one to a Parquet file of this machine.

        Raises:
            DialectError: when a part of the statement is not known to mean the same on Spark.
            MissingTableError: when a table is named in which nothing has been stored yet.
        """
        tree = portable(statement)
        if isinstance(tree, exp.Copy):
            _write(self._frame(tree.this.this), tree.args["files"][0].name)
            return SparkResult(self.session.range(0))
        return SparkResult(self._frame(tree))

    def frame(self, statement: str) -> "DataFrame":
        """The rows of a SELECT, on the cluster."""
        return self._frame(portable(statement))

    def create(self, table: Table) -> None:
        """Makes a table where it is missing.

        Raises:
            ContractError: when the stored table has other columns or types than the contract.
            WarehouseError: when the catalog has it at another place.
        """
        if not self.has(table):
            self._declare(table)
        self._must_be_in_place(table)
        must_be_as_declared(self.types_of(table), table)

    def types_of(self, table: Table) -> dict[str, str]:
        """The stored columns with their types, as contracts write them, in the contract's order."""
        stored = {name: declared_type(kind) for name, kind in self.session.table(table.address).dtypes}
        order = list(table.types)
        return dict(sorted(stored.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)))

    def versions_per_day(
        self, tables: Sequence[Table], known: Mapping[StoredDay, Held] = MappingProxyType({})
    ) -> Mapping[StoredDay, Held]:
        """The version, which changes with every write, and the row count of each stored day of some tables.

        Days that still have their `known` version are not counted again, if the format names its files.
        """
        if self.format == "parquet":
            return versions_of_folders(self.session, tables, known)
        return versions_of_rows(self.session, tables)

    def files_here(self, table: Table, days: Collection[date]) -> Sequence[str]:
        """The paths on this machine of the files of some days; empty unless it has all of them."""
        if self.format != "parquet":
            return ()
        of_days = [file for day, files in files_per_day(self.session, table).items() if day in days for file in files]
        here = [unquote(urlsplit(file).path) for file in of_days]
        return here if all(Path(file).is_file() for file in here) else ()

    def _frame(self, tree: exp.Expr) -> "DataFrame":
        for node in list(tree.find_all(exp.Table)):
            self._resolve(node)
        made: list[SubqueryAlias] = []
        parts = in_parts(cast("exp.Query", tree)) if self._makes_parts_once else [("", tree)]
        for name, part in parts:
            # `session.sql` has the cluster read a statement at once, to find out if it is a command, and then again.
            rows = ConnectDataFrame(SQL(part.sql(dialect="spark"), views=made), self.session)
            if name:
                kept = cast("ConnectDataFrame", rows.localCheckpoint())
                made = [*made, SubqueryAlias(kept._plan, name)]  # noqa: SLF001 - as `session.sql` names frames
        return rows

    def _resolve(self, node: exp.Table) -> None:
        """Makes sure that the cluster knows what a statement reads from."""
        address = f"{node.db}.{node.name}"
        if isinstance(node.this, exp.ReadParquet):
            view = self._send(node.this.expressions[0].name)
            node.set("this", exp.to_identifier(view))
        elif address == "information_schema.tables":
            node.replace(self._tables_among(_named_in(node.root())))
        elif address == "information_schema.columns":
            node.replace(self._columns_of(_named_in(node.root())))
        elif address in _BY_ADDRESS:
            if not self.has(_BY_ADDRESS[address]):
                message = f"{address} is not there yet, and a step reads it: materialize it first"
                raise MissingTableError(message)
        elif node.db:
            raise DialectError(f"{address} is not a table of the contracts")

    def has(self, table: Table) -> bool:
        """Whether anything has been stored; a catalog that forgot a table, as one in memory does, is told of it."""
        if table.address not in self._known:
            if not self.session.catalog.tableExists(table.address):
                if not self._is_stored(table):
                    return False
                self._declare(table)
                if self._described(table).get("Partition Provider") == "Catalog":
                    self.session.catalog.recoverPartitions(table.address)
            self._add_lacking_columns(table)
            self._known.add(table.address)
        return True

    def _add_lacking_columns(self, table: Table) -> None:
        """Brings a table that an older version of the pipeline made up to its contract."""
        if lacking := addable(self.types_of(table), table):
            columns = ", ".join(f"`{column.name}` {spark_type(column.type)}" for column in lacking)
            self.session.sql(f"ALTER TABLE {table.address} ADD COLUMNS ({columns})").collect()

    def _is_stored(self, table: Table) -> bool:
        try:
            return bool(self.session.read.format(self.format).load(self._place(table)).columns)
        except AnalysisException as error:
            return error.getCondition() == "UNABLE_TO_INFER_SCHEMA"  # a table without any rows

    def _declare(self, table: Table) -> None:
        self.session.sql(f"CREATE SCHEMA IF NOT EXISTS `{table.schema}`").collect()
        self.session.sql(
            f"CREATE TABLE IF NOT EXISTS {table.address} ({spark_columns(table)}) USING {self.format} "
            f"PARTITIONED BY (`{table.day}`) LOCATION '{self._place(table)}'"
        ).collect()
        self._known.add(table.address)

    def _must_be_in_place(self, table: Table) -> None:
        found = self._described(table).get("Location", "")
        if _path(found) != _path(self._place(table)):
            message = (
                f"the catalog of the Spark cluster has {table.address} at {found}, not below {self._location}: "
                "set RFM_SPARK_WAREHOUSE to where it is, or drop the table from the catalog, which keeps its files"
            )
            raise WarehouseError(message)

    def _described(self, table: Table) -> dict[str, str]:
        """What the catalog says of a table: where it is, and whether the catalog has a list of its days."""
        rows = self.session.sql(f"DESCRIBE TABLE EXTENDED {table.address}").collect()
        return {row["col_name"]: row["data_type"] for row in rows}

    def _place(self, table: Table) -> str:
        return "/".join([self._location, *table.address.split(".")])

    def _send(self, pattern: str) -> str:
        """Gives the rows of Parquet files of this machine to the cluster, under a name of their own."""
        from pyarrow import concat_tables
        from pyarrow.parquet import read_table
        from pyspark.sql.pandas.types import from_arrow_schema

        view = f"sent_{uuid4().hex}"
        rows = concat_tables([read_table(file) for file in sorted(glob(pattern))])  # noqa: PTH207 - a pattern, as read_parquet takes it
        types = None if len(rows) else from_arrow_schema(rows.schema)
        self.session.createDataFrame(rows, types).createOrReplaceTempView(view)
        return view

    def _tables_among(self, addresses: Sequence[str]) -> exp.Expr:
        """What DuckDB's information_schema.tables says of some tables."""
        rows = [tuple(address.split(".")) for address in addresses if self.has(_BY_ADDRESS[address])]
        return _rows_of_text(rows, "tables", ["table_schema", "table_name"])

    def _columns_of(self, addresses: Sequence[str]) -> exp.Expr:
        """What DuckDB's information_schema.columns says of some tables."""
        rows = [
            (*address.split("."), name, kind)
            for address in addresses
            if self.has(_BY_ADDRESS[address])
            for name, kind in self.types_of(_BY_ADDRESS[address]).items()
        ]
        return _rows_of_text(rows, "columns", ["table_schema", "table_name", "column_name", "data_type"])


def _named_in(statement: exp.Expr) -> Sequence[str]:
    """The tables whose addresses a statement has as texts."""
    return sorted({text.this for text in statement.find_all(exp.Literal)} & _BY_ADDRESS.keys())


def _rows_of_text(rows: Sequence[tuple[str, ...]], alias: str, columns: Sequence[str]) -> exp.Expr:
    """A table of texts in place of one that a statement reads; VALUES alone cannot have no rows."""
    given = exp.values(rows or [("",) * len(columns)], alias=alias, columns=columns)
    return given if rows else exp.select("*").from_(given).where("false").subquery(alias)


def _path(address: str) -> str:
    """An address of a folder or bucket without what may be written in several ways."""
    return re.sub("^file:/*", "/", address).rstrip("/")


def _write(frame: "DataFrame", path: str) -> None:
    """Fetches rows into a Parquet file in the batches that arrive; `toLocalIterator` would make each a Python row."""
    from pyarrow import Table as Batch
    from pyarrow.parquet import ParquetWriter
    from pyspark.sql.pandas.types import to_arrow_schema

    schema = to_arrow_schema(frame.schema)
    client, plan = frame.sparkSession.client, cast("Any", frame)._plan  # noqa: SLF001 - no public way to batches
    with ParquetWriter(path, schema) as writer:
        for batch in client.to_table_as_iterator(plan.to_proto(client), plan.observations):
            if isinstance(batch, Batch):
                writer.write_table(batch.cast(schema))
