"""The DuckDB engine: one writing process at a time, opened with patience, and always closed.

A run opens the file once: opening and closing cost more than most statements of a day.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self

import dagster as dg
import duckdb
from pydantic import Field, PrivateAttr

from rfm_assets.errors import MissingTableError, WarehouseError
from rfm_assets.settings import Settings
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.duckdb.errors import damage, is_corrupt, said
from rfm_assets.warehouse.duckdb.opening import Config, opened
from rfm_assets.warehouse.duckdb.write import as_query, clear, replace_days
from rfm_assets.warehouse.engine import Engine, Load
from rfm_assets.warehouse.query import Query

if TYPE_CHECKING:
    import pandas as pd

_BYTES_OF_MEDIANS = 50  # per row: three doubles, in lists that double as they grow


class DuckDBEngine(Engine):
    """The DuckDB file that holds every table, and how to open it."""

    name: ClassVar[str] = "duckdb"

    database: str = Field(description="Path of the DuckDB file.")
    memory_limit: str = Field(default="2GB", description="The most memory DuckDB may use before it spills to disk.")
    temp_directory: str | None = Field(default=None, description="Where DuckDB spills to; by default beside the file.")
    threads: int | None = Field(default=None, description="The number of cores DuckDB may use; by default all.")

    _in_run: bool = PrivateAttr(default=False)
    _kept: duckdb.DuckDBPyConnection | None = PrivateAttr(default=None)
    _kept_read_only: bool = PrivateAttr(default=False)

    @classmethod
    def of(cls, chosen: Settings) -> Self:
        """The warehouse of the settings, with the limits that every connection of a process must share."""
        folder = chosen.temp_directory
        return cls(
            database=str(chosen.warehouse),
            memory_limit=chosen.memory_limit,
            temp_directory=str(folder) if folder else None,
            threads=chosen.threads,
        )

    def at(self, file: Path) -> Self:
        """The same engine over another file; with a copied resource Dagster would still open the first."""
        limits = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self)(**(limits | {"database": str(file)}))

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:  # noqa: ARG002 - Dagster's signature
        """Lets the steps of a run share one opening of the file."""
        self._in_run = True

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:  # noqa: ARG002
        """Closes the file when the run ends, however it ends."""
        self.release()
        self._in_run = False

    @property
    def address(self) -> str:
        """The file's path."""
        return str(Path(self.database).resolve())

    @property
    def rows_at_once(self) -> int:
        """Rows per batch, so that the state of medians, which the limit does not cover, stays under a fifth of it."""
        limit = re.fullmatch(r"([\d.]+) ?([KMGT])(I?)B", self.memory_limit.strip().upper())
        if limit is None:
            raise WarehouseError(f"the memory limit {self.memory_limit} is not a size: write it like 2GB")
        in_bytes = float(limit[1]) * (1024 if limit[3] else 1000) ** ("KMGT".index(limit[2]) + 1)
        return int(in_bytes / 5 / _BYTES_OF_MEDIANS)

    @property
    def exists(self) -> bool:
        """Whether anything has been stored yet."""
        return Path(self.database).exists()

    def must_exist(self) -> None:
        """Refuses to work without a warehouse.

        Raises:
            MissingTableError: when nothing has been stored yet.
        """
        if not self.exists:
            message = f"there is no warehouse at {self.database} yet: materialize a day first, or set RFM_WAREHOUSE"
            raise MissingTableError(message)

    @contextmanager
    def connect(self, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """A short-lived connection, always closed; in a run, one of many over the same open file.

        Raises:
            WarehouseError: when the file is missing (read only), damaged or locked; when a statement meets a damaged
                block, or needs more memory than the limit.
        """
        if read_only:
            self.must_exist()
        with self._explained():
            connection = self._shared(read_only=read_only) if self._in_run else self._open(read_only=read_only)
            try:
                yield connection
            finally:
                connection.close()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Adds the cause and the way out, if known, to what DuckDB raises in the block."""
        try:
            yield
        except duckdb.OutOfMemoryException as error:
            message = (
                f"DuckDB cannot do this within RFM_MEMORY_LIMIT={self.memory_limit} ({said(error)}): set it higher "
                "(half of the machine's memory is a good start) or RFM_THREADS lower; the stored rows are unchanged"
            )
            raise WarehouseError(message) from error
        except duckdb.Error as error:
            if not is_corrupt(error, self.database):
                raise
            raise WarehouseError(damage(error, self.database, doing="read")) from error

    def release(self) -> None:
        """Lets other processes open the file until the run needs it again."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection whose work is committed when the block succeeds, and rolled back otherwise."""
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
        self, days: Days, value: "Query | Load | pd.DataFrame"
    ) -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[date, int]]]:
        """Replaces days of a table in one transaction, which ends with the block.

        Raises:
            ContractError: when the value has an unsupported type, or its rows do not fit the table's contract.
            RefusedFileError: when a landed file cannot be read.
            WarehouseError: when the file stays locked or an input table is missing.
        """
        with self.transaction() as connection:
            if isinstance(value, Load):
                loaded = replace(days, without=frozenset(value.refused))
                clear(connection, loaded)
                value.load(connection, loaded)
                yield connection, days.rows_per_day(connection)
            else:
                rows = as_query(value, connection)
                yield connection, replace_days(connection, days, rows, rows_at_once=self.rows_at_once)

    def _shared(self, *, read_only: bool) -> duckdb.DuckDBPyConnection:
        if self._kept_read_only and not read_only:
            self.release()
        if self._kept is None:
            self._kept, self._kept_read_only = self._open(read_only=read_only), read_only
        return self._kept.cursor()

    def _open(self, *, read_only: bool) -> duckdb.DuckDBPyConnection:
        return opened(self.database, self.config(), read_only=read_only, patience=self.lock_patience)

    def config(self) -> Config:
        """The configuration shared by every connection of a process. Without extensions, so nothing is downloaded."""
        config: Config = {
            "memory_limit": self.memory_limit,
            "autoinstall_known_extensions": False,
        }
        if self.temp_directory is not None:
            config["temp_directory"] = self.temp_directory
        if self.threads is not None:
            config["threads"] = self.threads
        return config
