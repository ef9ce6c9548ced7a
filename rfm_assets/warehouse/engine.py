"""What an engine is: where tables live, and how statements run there. DuckDB is one, Spark the other.

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
    """A value that adds its own rows to some days, such as landed files; it may leave some of them as they are."""

    @property
    def refused(self) -> Mapping[date, object]:
        """The days that keep what is stored for them."""

    def load(self, connection: duckdb.DuckDBPyConnection, days: Days) -> None:
        """Adds the rows to the cleared days, inside the caller's transaction: how DuckDB stores them."""

    def frame(self, session: "SparkSession") -> "DataFrame":
        """The rows, not read yet: how a Spark cluster comes by them."""

    def confirm(self, made: "DataFrame") -> None:
        """Raises when the rows that the cluster made are not to be stored."""


class Engine(dg.ConfigurableResource["Engine"], ABC):
    """Where every table lives. Assets, checks and the ledger know no more of the engine than this."""

    name: ClassVar[str]
    """As RFM_ENGINE says it."""

    lock_patience: float = Field(
        default=120.0, description="Seconds to wait for another process to let go of the tables, or for a server."
    )

    @property
    def rows_at_once(self) -> int | None:
        """How many rows of customers' days a statement may hold in memory; None where that is no concern."""
        return None

    @property
    @abstractmethod
    def address(self) -> str:
        """Where the tables are, as a person writes it."""

    @abstractmethod
    def connect(self, *, read_only: bool = False) -> AbstractContextManager[Connection]:
        """Opens the tables for a short while and closes them whatever happens.

        Raises:
            WarehouseError: when they cannot be opened.
        """

    def release(self) -> None:
        """Lets other processes at the tables until the run needs them again, where an engine admits one at a time."""

    @abstractmethod
    def replacing(
        self, days: Days, value: "Query | Load | pd.DataFrame"
    ) -> AbstractContextManager[tuple[Connection, Mapping[date, int]]]:
        """Replaces some days of a table; gives a look at the tables as they are then, and the days' row counts.

        Where the engine has transactions, an error inside the block leaves the days as they were.

        Raises:
            ContractError: when the value is of another kind, or its rows do not fit the table's contract.
            RefusedFileError: when a landed file cannot be read.
            WarehouseError: when the tables cannot be opened or an input is missing.
        """
