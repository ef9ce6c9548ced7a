"""The warehouse file of DuckDB: one writing process at a time, patiently, and always closed."""

import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import duckdb
from pydantic import Field

from rfm_assets.errors import ContractError, MissingTableError, WarehouseError
from rfm_assets.warehouse.engine import Engine
from rfm_assets.warehouse.query import Query
from rfm_assets.warehouse.slices import Load, Slice

if TYPE_CHECKING:
    import pandas as pd

_FIRST_WAIT, _LONGEST_WAIT = 0.05, 2.0
_LOCKED = ("Could not set lock", "being used by another process")  # as DuckDB says it on POSIX and on Windows


class Warehouse(Engine):
    """The DuckDB file that holds every table, and how to open it."""

    name: ClassVar[str] = "duckdb"

    database: str = Field(description="Path of the DuckDB file.")
    memory_limit: str = Field(
        default="2GB", description="The most memory DuckDB may use; beyond it, it spills to disk."
    )

    @property
    def address(self) -> str:
        """The file's path."""
        return str(Path(self.database).resolve())

    @property
    def exists(self) -> bool:
        """Whether anything has been stored yet."""
        return Path(self.database).exists()

    @contextmanager
    def connect(self, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """Opens the file for a short while and closes it whatever happens.

        Raises:
            WarehouseError: when the file is missing (read only), is no DuckDB file, or stays locked.
        """
        if read_only and not self.exists:
            message = f"there is no warehouse at {self.database} yet: materialize a day first, or set RFM_WAREHOUSE"
            raise MissingTableError(message)
        connection = self._open(read_only=read_only)
        try:
            yield connection
        finally:
            connection.close()

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection whose work is stored as a whole when the block ends well, and not at all otherwise."""
        try:
            Path(self.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"cannot make the folder of the warehouse {self.database}: {error}: set RFM_WAREHOUSE"
            raise WarehouseError(message) from error
        with self.connect() as connection:
            connection.begin()
            yield connection  # an error leaves here: closing an open transaction rolls it back
            connection.commit()

    @contextmanager
    def replacing(
        self, days: Slice, value: "Query | Load | pd.DataFrame"
    ) -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[date, int]]]:
        """Replaces some days of a table in one transaction, which ends with the block.

        Raises:
            ContractError: when the value is of another kind, or its rows do not fit the table's contract.
            RefusedFileError: when a landed file cannot be read.
            WarehouseError: when the file stays locked or an input table is missing.
        """
        with self.transaction() as connection:
            if isinstance(value, Load):
                loaded = replace(days, without=frozenset(value.refused))
                loaded.clear(connection)
                value.load(connection, loaded)
                yield connection, days.rows_per_day(connection)
            else:
                yield connection, days.replace(connection, _as_query(value, connection))

    def _open(self, *, read_only: bool) -> duckdb.DuckDBPyConnection:
        deadline, wait = time.monotonic() + self.lock_patience, _FIRST_WAIT
        while True:
            try:
                return duckdb.connect(self.database, read_only=read_only, config=self._config())
            except duckdb.IOException as error:
                if not any(sign in str(error) for sign in _LOCKED):
                    message = f"cannot open the warehouse {self.database}: {error}: correct that, or set RFM_WAREHOUSE"
                    raise WarehouseError(message) from error
                if time.monotonic() > deadline:
                    message = (
                        f"the warehouse {self.database} was in use by another process for {self.lock_patience:g} s: "
                        f"wait for that run, or close the program that holds the file. DuckDB says: {error}"
                    )
                    raise WarehouseError(message) from error
            # Jitter, so that two waiting writers do not keep meeting.
            time.sleep(wait * random.uniform(0.5, 1.5))  # noqa: S311 - not a secret
            wait = min(2 * wait, _LONGEST_WAIT)

    def _config(self) -> dict[str, str | bool | int | float | list[str]]:
        # Every connection of a process must agree on these. No extension, so nothing is ever fetched from a network.
        return {"memory_limit": self.memory_limit, "autoinstall_known_extensions": False}


def _as_query(value: "Query | pd.DataFrame", connection: duckdb.DuckDBPyConnection) -> Query:
    if isinstance(value, Query):
        return value
    pandas = sys.modules.get("pandas")  # whoever made a frame has imported it
    if pandas is None or not isinstance(value, pandas.DataFrame):
        message = f"the warehouse stores queries, landed files and pandas frames, not {type(value).__name__}"
        raise ContractError(message)
    connection.register("frame_of_asset", value)
    return Query("SELECT * FROM frame_of_asset")
