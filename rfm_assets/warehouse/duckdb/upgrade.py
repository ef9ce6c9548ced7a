"""Upgrades a warehouse file that an older version of the pipeline wrote, in one transaction.

A copy of the file stays beside it until the upgrade has succeeded.
"""

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import duckdb

from rfm_assets.contracts.schema import Schema
from rfm_assets.errors import ContractError, WarehouseError
from rfm_assets.literals import literal
from rfm_assets.warehouse.duckdb.copy_beside import make_copy, remove_copy
from rfm_assets.warehouse.duckdb.errors import said
from rfm_assets.warehouse.duckdb.written_days import WRITTEN_DAYS
from rfm_assets.warehouse.table_upgrade import (
    Change,
    Lacking,
    Stored,
    add_columns,
    changes_by,
    lacking_columns,
    rebuild,
    stored_columns,
)

SCHEMA_VERSIONS = "meta.schema_versions"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Upgrade:
    """The changes that make an open warehouse file match the contracts."""

    file: Path
    database: str
    schema: Schema
    stored: Stored
    version: int
    """The version that it was written with; 0 if nothing has been stored yet."""

    @classmethod
    def of(cls, connection: duckdb.DuckDBPyConnection, file: Path, schema: Schema) -> "Upgrade":
        """Inspects an open file.

        Raises:
            WarehouseError: when a newer version of the pipeline wrote it.
        """
        ((database,),) = connection.execute("SELECT current_database()").fetchall()
        stored = stored_columns(connection, database)
        version = int(any(table.address in stored for table in schema.tables))
        if SCHEMA_VERSIONS in stored:
            ((version,),) = connection.execute(f"SELECT coalesce(max(version), 1) FROM {SCHEMA_VERSIONS}").fetchall()
        if version > schema.version:
            message = (
                f"the warehouse {file} has version {version}, and this program knows versions up to {schema.version}: "
                "use the program that wrote it or a newer one, or set RFM_WAREHOUSE to another file"
            )
            raise WarehouseError(message)
        return cls(file.resolve(), database, schema, stored, version)

    @cached_property
    def changes(self) -> Mapping[str, Change]:
        """The tables to rewrite, by their new address."""
        return changes_by(self.schema.after(self.version), self.stored)

    @cached_property
    def lacking(self) -> Lacking:
        """The columns to add to the other tables."""
        rewritten = {change.origin for change in self.changes.values()}
        return lacking_columns(self.stored, (table for table in self.schema.tables if table.address not in rewritten))

    @property
    def alters_tables(self) -> bool:
        """Whether any stored table is rewritten."""
        return bool(self.changes or self.lacking)

    @property
    def copy(self) -> Path:
        """The path of the copy until the upgrade has succeeded."""
        return self.file.with_name(f"{self.file.name}.before-v{self.schema.version}")

    def run(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Upgrades the file to the contracts, over the connection that has it open for writing.

        Raises:
            WarehouseError: when the file cannot be copied, or a step fails; it is unchanged then.
        """
        if self.alters_tables:
            connection.execute("CHECKPOINT")
            make_copy(self.file, self.copy, room=self.file.stat().st_size * (2 if self.changes else 1))
        if self.alters_tables or self.version < self.schema.version:
            try:
                self._apply(connection)
            except (duckdb.Error, ContractError) as error:
                raise self._failed(connection, error) from error
        remove_copy(self.copy)  # even one left by a process killed right after its upgrade

    def _apply(self, connection: duckdb.DuckDBPyConnection) -> None:
        connection.begin()
        rebuild(connection, self.changes, self.schema.tables)
        add_columns(connection, self.lacking, self.database)
        self._renew_written_days(connection)
        days = self._days_to_make_again(connection)
        if self.version < self.schema.version:
            _note(connection, self.schema.version, days)
        connection.commit()
        connection.execute("CHECKPOINT")
        if self.alters_tables:
            _log.warning("upgraded the warehouse %s to version %d", self.file, self.schema.version)
        if days:
            _log.warning("after the upgrade, rebuild these days with `rfm refresh --from DAY`: %s", days)

    def _failed(self, connection: duckdb.DuckDBPyConnection, error: Exception) -> WarehouseError:
        with suppress(duckdb.TransactionException):  # a commit that failed has ended it
            connection.rollback()
        cause = said(error) if isinstance(error, duckdb.Error) else str(error)
        copied = f", and {self.copy} is a copy of it" if self.copy.exists() else ""
        return WarehouseError(
            f"cannot upgrade the warehouse {self.file} from version {self.version} to {self.schema.version}: {cause}. "
            f"It is unchanged{copied}: keep using the program that wrote it, and report this"
        )

    def _renew_written_days(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Makes the next published copy read the changed tables again."""
        for address, change in self.changes.items() if WRITTEN_DAYS in self.stored else ():
            connection.execute(
                f"UPDATE {WRITTEN_DAYS} SET table_name = {literal(address)}, version = uuid() "
                f"WHERE table_name = {literal(change.origin)}"
            )

    def _days_to_make_again(self, connection: duckdb.DuckDBPyConnection) -> str:
        """The first and last stored day of each table that must be made again."""
        asked = {address for version in self.schema.after(self.version) for address in version.made_again}
        there = asked & (self.stored.keys() | self.changes.keys())
        days = " UNION ALL ".join(
            f"SELECT '{table.address}', min({table.day}), max({table.day}) FROM {table.address} HAVING count(*) > 0"
            for table in self.schema.tables
            if table.address in there
        )
        found = connection.execute(days).fetchall() if days else []
        return ", ".join(f"{address} {first} to {last}" for address, first, last in found)


def _note(connection: duckdb.DuckDBPyConnection, version: int, days_to_make_again: str) -> None:
    connection.execute("CREATE SCHEMA IF NOT EXISTS meta")
    connection.execute(
        f"CREATE TABLE IF NOT EXISTS {SCHEMA_VERSIONS} (version INTEGER, since TIMESTAMP, days_to_make_again VARCHAR)"
    )
    now = datetime.now(UTC).replace(tzinfo=None)
    connection.execute(f"INSERT INTO {SCHEMA_VERSIONS} VALUES (?, ?, ?)", [version, now, days_to_make_again or None])
