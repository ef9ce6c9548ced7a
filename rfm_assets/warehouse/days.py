"""A range of days of a table: the condition that selects them, their rows, and batches."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter

from rfm_assets.batches import batches
from rfm_assets.contracts import Table
from rfm_assets.errors import ContractError
from rfm_assets.warehouse.protocols import Connection
from rfm_assets.warehouse.query import Query


@dataclass(frozen=True)
class Days:
    """Consecutive days of a table, both ends included, except days that stay as they are."""

    table: Table
    first: date
    last: date
    without: frozenset[date] = frozenset()

    @property
    def where(self) -> str:
        """SQL for whether a row belongs to these days."""
        return self.covers(self.table.day)

    def covers(self, column: str) -> str:
        """SQL for whether a column has one of these days."""
        days = f"{column} BETWEEN DATE '{self.first}' AND DATE '{self.last}'"
        if not self.without:
            return days
        kept = ", ".join(f"DATE '{day}'" for day in sorted(self.without))
        return f"{days} AND {column} NOT IN ({kept})"

    def select(self) -> Query:
        """The stored rows of these days, as a lazy query."""
        return Query(f"SELECT {', '.join(self.table.types)} FROM {self.table.address} WHERE {self.where}")

    def select_stored(self, stored: Collection[str]) -> Query:
        """The same, with NULL in columns that are not stored yet."""
        columns = ", ".join(
            name if name in stored else f"CAST(NULL AS {kind}) AS {name}" for name, kind in self.table.types.items()
        )
        return Query(f"SELECT {columns} FROM {self.table.address} WHERE {self.where}")

    def rows_per_day(self, connection: Connection) -> dict[date, int]:
        """The number of stored rows of each of these days that has any."""
        counts = connection.execute(
            f"SELECT {self.table.day}, count(*) FROM {self.table.address} WHERE {self.where} GROUP BY 1"
        )
        return dict(counts.fetchall())

    def batches(self, connection: Connection, *, rows_at_once: int | None) -> list[tuple[date, date]]:
        """These days in consecutive batches, each of at most `rows_at_once` stored rows, or of one day."""
        if rows_at_once is None or self.first == self.last:
            return [(self.first, self.last)]
        sizes = sorted(self.rows_per_day(connection).items())
        parts = list(batches(sizes, size=itemgetter(1), most=rows_at_once))
        starts = [self.first, *(part[0][0] for part in parts[1:])]
        ends = [*(start - timedelta(days=1) for start in starts[1:]), self.last]
        return list(zip(starts, ends, strict=True))

    def includes(self, days: Collection[date]) -> Collection[date]:
        """The days that are among these and are replaced."""
        return {day for day in days if day and self.first <= day <= self.last} - self.without

    def must_hold_all(self, *, strays: int) -> None:
        """Refuses rows of other days.

        Raises:
            ContractError: when there are any such rows.
        """
        if strays:
            message = (
                f"{strays} rows for {self.table.address} are outside the days {self.first} to {self.last}: "
                f"its query must keep to the days of the run"
            )
            raise ContractError(message)


def stored_rows(table: Table, days: str) -> Query:
    """The rows of a table whose day meets a condition over `$first` and `$last`, as a lazy query."""
    columns = ", ".join(table.types)  # by name: Spark stores the day last
    return Query(f"SELECT {columns} FROM {table.address} WHERE {table.day} {days}")
