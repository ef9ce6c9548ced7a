"""Steps that upgrade stored rows from one version of the contracts to the next, as data.

Each step is a SELECT over the rows before it, in DuckDB's dialect. New nullable columns need no step.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass


@dataclass(frozen=True)
class Step(ABC):
    """A change of a stored table, given by its address before the step."""

    table: str

    @property
    def becomes(self) -> str:
        """The table's address after the step."""
        return self.table

    @abstractmethod
    def select(self, rows: str) -> str:
        """The rows after the step, as a SELECT over those before it."""


@dataclass(frozen=True)
class RenameTable(Step):
    """A new address, in the same schema or another one."""

    to: str

    @property
    def becomes(self) -> str:
        """The new address."""
        return self.to

    def select(self, rows: str) -> str:
        """The rows as they are."""
        return rows


@dataclass(frozen=True)
class Rename(Step):
    """A new name for a column."""

    column: str
    to: str

    def select(self, rows: str) -> str:
        """The rows, with the new name."""
        return f'SELECT * RENAME ("{self.column}" AS "{self.to}") FROM ({rows})'


@dataclass(frozen=True)
class Retype(Step):
    """A new type for a column; a value that does not fit stops the upgrade."""

    column: str
    type: str

    def select(self, rows: str) -> str:
        """The rows, with the values cast."""
        return f'SELECT * REPLACE (CAST("{self.column}" AS {self.type}) AS "{self.column}") FROM ({rows})'


@dataclass(frozen=True)
class Compute(Step):
    """Values for a new or existing column, by an expression over the row before the step."""

    column: str
    type: str
    sql: str

    def select(self, rows: str) -> str:
        """The rows, with the values computed."""
        others = f"COLUMNS(lambda name: name <> '{self.column}')"
        return f'SELECT {others}, CAST(({self.sql}) AS {self.type}) AS "{self.column}" FROM ({rows})'


@dataclass(frozen=True)
class Drop(Step):
    """A column to drop."""

    column: str

    def select(self, rows: str) -> str:
        """The rows without it."""
        return f'SELECT * EXCLUDE ("{self.column}") FROM ({rows})'
