"""The interface of engines, which store tables and run statements. DuckDB is one, Spark the other.

Statements are written in DuckDB's dialect, whatever the engine.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

import dagster as dg
import duckdb
from pydantic import Field

from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.protocols import Connection
from rfm_assets.warehouse.query import Query

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame
    from pyspark.sql.connect.session import SparkSession


@runtime_checkable
class Load(Protocol):
    """A value that adds its own rows to days, such as landed files; it may leave some days unchanged."""

    @property
    def refused(self) -> Mapping[date, object]:
        """The days that keep their stored rows."""

    def load(self, connection: duckdb.DuckDBPyConnection, days: Days) -> None:
        """Inserts the rows into the cleared days, inside the caller's transaction, on DuckDB."""

    def frame(self, session: "SparkSession") -> "DataFrame":
        """The rows as a lazy frame, on Spark."""

    def confirm(self, made: "DataFrame") -> None:
        """Raises when the rows that the Spark cluster made must not be stored."""


class Engine(dg.ConfigurableResource["Engine"], ABC):
    """The store of all tables. Assets, checks and the ledger know the engine only by this interface."""

    name: ClassVar[str]
    """The engine's name in RFM_ENGINE."""

    lock_patience: float = Field(
        default=120.0, description="Seconds to wait for another process to release the tables, or for a server."
    )

    @property
    def rows_at_once(self) -> int | None:
        """The most rows of per-customer tables that a statement may hold in memory; None if that is no concern."""
        return None

    @property
    @abstractmethod
    def address(self) -> str:
        """The tables' address, as people write it."""

    @abstractmethod
    def connect(self, *, read_only: bool = False) -> AbstractContextManager[Connection]:
        """Opens the tables briefly, and always closes them.

        Raises:
            WarehouseError: when they cannot be opened.
        """

    def release(self) -> None:
        """Lets other processes open the tables until the run needs them again, if the engine admits one at a time."""

    @abstractmethod
    def replacing(
        self, days: Days, value: "Query | Load | pd.DataFrame"
    ) -> AbstractContextManager[tuple[Connection, Mapping[date, int]]]:
        """Replaces days of a table; yields a connection to the tables with the new rows, and the days' row counts.

        If the engine has transactions, an error inside the block leaves the days unchanged.

        Raises:
            ContractError: when the value has an unsupported type, or its rows do not fit the table's contract.
            RefusedFileError: when a landed file cannot be read.
            WarehouseError: when the tables cannot be opened or an input is missing.
        """
