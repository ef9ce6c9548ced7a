"""What an engine is: where tables live, and how statements run there. DuckDB is one, Spark the other.

Statements are written in DuckDB's dialect, whatever the engine.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import dagster as dg
from pydantic import Field

from rfm_assets.warehouse.days import Days, Load
from rfm_assets.warehouse.query import Query

if TYPE_CHECKING:
    import pandas as pd


class Result(Protocol):
    """The rows that a statement found."""

    @property
    def description(self) -> Sequence[Sequence[Any]]:
        """The columns, each starting with its name."""

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows."""

    def fetchone(self) -> tuple[Any, ...] | None:
        """The first row, if there is any."""

    def df(self) -> "pd.DataFrame":
        """All rows as a frame."""


class Connection(Protocol):
    """A way to run statements; DuckDB's own connection is one."""

    def execute(self, statement: str, /) -> Result:
        """Runs a SELECT, or a COPY of one to a Parquet file of this machine."""


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
