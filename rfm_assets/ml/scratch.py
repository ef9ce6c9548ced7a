"""Passes rows between the warehouse and scikit-learn as Parquet files, in a folder that deletes itself.

So the warehouse is not held open while days are clustered, and only a few days are in memory.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

import duckdb

from rfm_assets.contracts import Table
from rfm_assets.literals import literal
from rfm_assets.scratch import ScratchFolder
from rfm_assets.warehouse.protocols import Connection
from rfm_assets.warehouse.query import Query

if TYPE_CHECKING:
    import pandas as pd


class Scratch:
    """A temporary folder of Parquet files; a query over it keeps it alive."""

    def __init__(self) -> None:
        self._folder = ScratchFolder("clusters")
        self._connection = duckdb.connect(config={"threads": 1})

    def take(self, connection: Connection, table: Table, rows: Query) -> None:
        """Copies the query's rows of a warehouse table into the folder."""
        ordered = f"SELECT * FROM ({rows.sql()}) ORDER BY {', '.join(table.key)}"  # a day's rows are adjacent
        connection.execute(f"COPY ({ordered}) TO {literal(self._file(table, 'taken'))} (FORMAT parquet)")

    def each_day(
        self, table: Table, days: Iterable[date], *, columns: str = "*"
    ) -> Iterator[tuple[date, "pd.DataFrame"]]:
        """The copied rows of each day, sorted by the table's key; an empty frame for a day without rows."""
        for day in days:
            rows = self._connection.execute(
                f"""SELECT {columns} FROM read_parquet({literal(self._file(table, "taken"))})
                WHERE {table.day} = DATE '{day}' ORDER BY {", ".join(table.key)}"""
            )
            yield day, rows.df()

    def add(self, table: Table, part: str, frame: "pd.DataFrame") -> None:
        """Stores some of the rows made for a table, with the types that the table declares."""
        columns = ", ".join(f"CAST({name} AS {table.types[name]}) AS {name}" for name in frame.columns)
        self._connection.register("frame", frame)
        self._connection.execute(
            f"COPY (SELECT {columns} FROM frame) TO {literal(self._file(table, f'made-{part}'))} (FORMAT parquet)"
        )
        self._connection.unregister("frame")

    def rows(self, table: Table) -> Query:
        """All rows added for a table."""
        return Query(f"SELECT * FROM read_parquet({literal(self._file(table, 'made-*'))})", keeps=self)

    def _file(self, table: Table, part: str) -> str:
        return str(self._folder.path / f"{table.address}-{part}.parquet")
