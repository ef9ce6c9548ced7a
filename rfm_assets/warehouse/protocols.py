"""The interface of every engine's connection, which DuckDB's own satisfies. Nothing here knows tables or days."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

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
    """Runs statements in DuckDB's dialect, whatever the engine."""

    def execute(self, statement: str, /) -> Result:
        """Runs a SELECT, or a COPY of one to a Parquet file on this machine."""
