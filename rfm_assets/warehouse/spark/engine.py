"""The tables on a Spark cluster: how a session is opened, and what becomes of what an asset returns."""

import re
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar

import dagster as dg
from pydantic import Field, PrivateAttr

from rfm_assets.errors import ContractError, MissingTableError, WarehouseError
from rfm_assets.warehouse.conformance import must_fit
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.engine import Engine, Load
from rfm_assets.warehouse.query import Query

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame

    from rfm_assets.warehouse.spark.connection import SparkConnection

_REMOTE = re.compile(r"sc://([^:/;]+)(?::(\d+))?(/.*)?")
_PORT = 15002
_ONE_MACHINE = re.compile(r"local(\[.*\])?")  # `local-cluster[...]` starts workers

# What the statements mean must not depend on how a cluster is set up.
_SESSION = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "false",
    "spark.sql.sources.partitionOverwriteMode": "dynamic",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
}


# What suits tables of many small days, where the cluster says nothing else.
_UNLESS_SET = {
    "spark.sql.sources.parallelPartitionDiscovery.parallelism": "16",  # tasks to list a table; else one for each day
}
# On one machine a statement's price is planning it, and starting its tasks.
_UNLESS_SET_ON_ONE_MACHINE = {
    "spark.sql.adaptive.enabled": "false",  # each exchange of rows is a job, after which the statement is planned again
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.files.openCostInBytes": "65536",  # a task reads many days, whose files are small
    "spark.sql.sources.parallelPartitionDiscovery.threshold": "10000",  # days that are listed without a job
    "spark.sql.hive.manageFilesourcePartitions": "false",  # else each naming of a table goes through a catalog of days
    "spark.sql.parquet.filterPushdown": "false",  # a day's file is too small to leave some of it out
    "spark.sql.ui.explainMode": "simple",  # what the web UI shows of a statement is written before it runs
    "spark.sql.maxPlanStringLength": "10000",
}
# There, compiling Java for a statement takes longer than a day's rows do without; the rows of many days take longer.
_UNLESS_SET_FOR_A_DAY = {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}


class SparkEngine(Engine):
    """Tables in a folder or bucket that a Spark cluster reads and writes; the steps of a run share a session."""

    name: ClassVar[str] = "spark"

    remote: str = Field(description="The cluster's Spark Connect server, `sc://host:port`.")
    location: str = Field(description="The folder or `s3a://bucket/prefix` of the tables, as the cluster sees it.")
    format: str = Field(default="parquet", description="The format of new tables, such as parquet, delta or iceberg.")
    catalog: str = Field(default="", description="The catalog of the tables; empty for the cluster's own.")

    @property
    def address(self) -> str:
        """Where the tables are."""
        return self.location

    _in_run: bool = PrivateAttr(default=False)
    _kept: "SparkConnection | None" = PrivateAttr(default=None)

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:  # noqa: ARG002 - Dagster's signature
        """Lets the steps of a run share one session."""
        self._in_run = True

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:  # noqa: ARG002
        """Ends the session when the run ends, whatever its end."""
        if self._kept is not None:
            self._kept.session.stop()
        self._in_run, self._kept = False, None

    @contextmanager
    def connect(self, *, read_only: bool = False) -> Iterator["SparkConnection"]:  # noqa: ARG002 - Spark has no locks
        """A session, ended whatever happens; in a run, one for all steps, until one of them fails.

        A step that finds a table missing has not failed: on a first run, most are.

        Raises:
            WarehouseError: when no server answers.
        """
        connection = self._kept or self._opened()
        self._kept = connection if self._in_run else None
        has_failed = True
        try:
            yield connection
            has_failed = False
        except MissingTableError:
            has_failed = False
            raise
        finally:
            if has_failed or not self._in_run:
                self._kept = None
                connection.session.stop()

    @contextmanager
    def replacing(
        self, days: Days, value: "Query | Load | pd.DataFrame"
    ) -> Iterator[tuple["SparkConnection", dict[date, int]]]:
        """Replaces some days of a table; how far that is one step depends on the format, see docs/spark.md.

        Raises:
            ContractError: when the value is of another kind, or its rows do not fit the table's contract.
            RefusedFileError: when a landed file cannot be read.
            WarehouseError: when no server answers or an input table is missing.
        """
        from rfm_assets.warehouse.spark.write import replace_days

        with self.connect() as connection:
            connection.expect_rows_of(days)
            connection.create(days.table)
            if isinstance(value, Load):
                loaded = replace(days, without=frozenset(value.refused))
                rows_per_day = replace_days(connection, loaded, value.frame(connection.session), confirm=value.confirm)
            else:
                rows_per_day = replace_days(connection, days, _frame(connection, days, value))
            yield connection, rows_per_day

    def _opened(self) -> "SparkConnection":
        from pyspark.errors import PySparkException
        from pyspark.sql.connect.session import SparkSession

        from rfm_assets.warehouse.spark.connection import SparkConnection

        self._must_answer()
        try:
            session = SparkSession.builder.remote(self.remote).create()
            server = session.conf.getAll
            for name, setting in settings_on(server).items():
                session.conf.set(name, setting)
            if self.catalog:
                session.catalog.setCurrentCatalog(self.catalog)
        except PySparkException as error:
            message = f"the Spark Connect server of SPARK_REMOTE refuses a session: {error}"
            raise WarehouseError(message) from error
        return SparkConnection(
            session,
            location=self.location.rstrip("/"),
            format=self.format,
            for_a_day=settings_for_a_day_on(server),
            makes_parts_once=_is_one_machine(server),
        )

    def _must_answer(self) -> None:
        """Says in a second what the client would find out after minutes of trying."""
        match = _REMOTE.fullmatch(self.remote)
        if match is None:
            message = "SPARK_REMOTE is not an address of a Spark Connect server: write it like sc://host:15002"
            raise WarehouseError(message)
        host, port = match[1], int(match[2] or _PORT)
        try:
            socket.create_connection((host, port), timeout=self.lock_patience).close()
        except OSError as error:
            message = f"no Spark Connect server answers at {host}:{port} ({error}): start it, or correct SPARK_REMOTE"
            raise WarehouseError(message) from error


def settings_on(server: Mapping[str, str]) -> Mapping[str, str]:
    """What a session sets on a server that was started with these settings."""
    suits = _UNLESS_SET | (_UNLESS_SET_ON_ONE_MACHINE if _is_one_machine(server) else {})
    return _lacking(suits, server) | _SESSION


def settings_for_a_day_on(server: Mapping[str, str]) -> Mapping[str, str]:
    """What a session also sets there as long as it stores a single day."""
    return _lacking(_UNLESS_SET_FOR_A_DAY, server) if _is_one_machine(server) else {}


def _lacking(settings: Mapping[str, str], server: Mapping[str, str]) -> dict[str, str]:
    return {name: setting for name, setting in settings.items() if name not in server}


def _is_one_machine(server: Mapping[str, str]) -> bool:
    return _ONE_MACHINE.fullmatch(server.get("spark.master", "")) is not None


def _frame(connection: "SparkConnection", days: Days, value: "Query | pd.DataFrame") -> "DataFrame":
    from rfm_assets.warehouse.spark.column_types import spark_columns

    if isinstance(value, Query):
        return connection.frame(value.bind(days.first, days.last).sql())
    pandas = sys.modules.get("pandas")  # whoever made a frame has imported it
    if pandas is None or not isinstance(value, pandas.DataFrame):
        message = f"the warehouse stores queries, landed files and pandas frames, not {type(value).__name__}"
        raise ContractError(message)
    if value.empty:  # Spark has no values to infer the types from
        types = days.table.types
        must_fit({name: types.get(name, "") for name in value}, days.table)
        return connection.session.createDataFrame([], spark_columns(days.table))
    return connection.session.createDataFrame(value)
