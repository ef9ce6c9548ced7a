"""Rows on their way between the warehouse and scikit-learn: Parquet files in a folder that goes away by itself.

So the warehouse is not held open while days are clustered, and no more than a few days are in memory.
"""

import tempfile
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from rfm_assets.warehouse.query import Query, literal

if TYPE_CHECKING:
    import pandas as pd


class Scratch:
    """A temporary folder of Parquet files; a query over it keeps it alive."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="rfm-clusters-")
        self._connection = duckdb.connect(config={"threads": 1})

    def take(self, connection: duckdb.DuckDBPyConnection, name: str, rows: Query) -> None:
        """Copies the rows of a warehouse query into the scratch folder."""
        connection.execute(f"COPY ({rows.sql()}) TO {literal(str(self._file(name, 'all')))} (FORMAT parquet)")

    def each_day(self, name: str, days: Iterable[date], columns: str) -> Iterator[tuple[date, "pd.DataFrame"]]:
        """The rows taken for each day, without the day's column; an empty frame for a day that has none."""
        source = f"read_parquet({literal(str(self._file(name, 'all')))})"
        for day in days:
            yield day, self._connection.execute(f"SELECT {columns} FROM {source} WHERE as_of_date = ?", [day]).df()

    def add(self, name: str, day: date, frame: "pd.DataFrame") -> None:
        """Keeps a day's rows."""
        self._connection.register("frame", frame)
        self._connection.execute(f"COPY frame TO {literal(str(self._file(name, str(day))))} (FORMAT parquet)")
        self._connection.unregister("frame")

    def rows(self, name: str) -> Query:
        """All rows that were added under a name."""
        return Query(f"SELECT * FROM read_parquet({literal(str(self._file(name, '*')))})", keeps=self)

    def _file(self, name: str, part: str) -> Path:
        folder = Path(self._folder.name) / name
        folder.mkdir(exist_ok=True)
        return folder / f"{part}.parquet"
