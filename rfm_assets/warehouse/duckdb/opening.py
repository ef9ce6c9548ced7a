"""Opens a warehouse file: waits while another process holds it, and upgrades it if an older version wrote it."""

import logging
import random
import time
from pathlib import Path

import duckdb

from rfm_assets.contracts.schema import SCHEMA
from rfm_assets.errors import WarehouseError
from rfm_assets.warehouse.duckdb.errors import damage, is_corrupt, is_locked, said
from rfm_assets.warehouse.duckdb.upgrade import Upgrade

Config = dict[str, str | bool | int | float | list[str]]
"""DuckDB's configuration, shared by every connection of a process."""

_FIRST_WAIT, _LONGEST_WAIT = 0.05, 2.0

_log = logging.getLogger(__name__)


def opened(file: str, config: Config, *, read_only: bool, patience: float) -> duckdb.DuckDBPyConnection:
    """Opens a file, waiting up to `patience` seconds while it is locked.

    Raises:
        WarehouseError: when it stays locked, is damaged, or cannot be upgraded.
    """
    connection = _connected(file, config, read_only=read_only, patience=patience)
    try:
        upgrade = Upgrade.of(connection, Path(file), SCHEMA)
        if not read_only:
            upgrade.run(connection)
    except BaseException:
        connection.close()
        raise
    if read_only and upgrade.alters_tables:
        connection.close()
        _upgrade_for_reader(file, config, upgrade)
        return _connected(file, config, read_only=True, patience=patience)
    return connection


def _upgrade_for_reader(file: str, config: Config, upgrade: Upgrade) -> None:
    """Upgrades, unless another process holds the file or it is read-only: readers can do without added columns.

    Raises:
        WarehouseError: when tables still have names or types of an older version.
    """
    try:
        with duckdb.connect(file, config=config) as connection:
            Upgrade.of(connection, Path(file), SCHEMA).run(connection)
    except (duckdb.Error, WarehouseError) as error:
        cause = said(error) if isinstance(error, duckdb.Error) else str(error)
        if upgrade.changes:
            message = (
                f"the warehouse {file} has version {upgrade.version} and cannot be upgraded now: wait for the process "
                f"that holds the file, or make it writable. {cause}"
            )
            raise WarehouseError(message) from error
        _log.warning("the warehouse %s lacks columns, which the next run adds: %s", file, cause)


def _connected(file: str, config: Config, *, read_only: bool, patience: float) -> duckdb.DuckDBPyConnection:
    deadline, wait, told = time.monotonic() + patience, _FIRST_WAIT, False
    while True:
        try:
            return duckdb.connect(file, read_only=read_only, config=config)
        except duckdb.IOException as error:
            _must_be_locked(error, file)
            if time.monotonic() > deadline:
                message = (
                    f"the warehouse {file} was in use by another process for {patience:g} s: "
                    f"wait for that run, or close the program that holds the file. DuckDB says: {error}"
                )
                raise WarehouseError(message) from error
            if not told and wait >= 1:
                _log.warning("waiting up to %g s for the warehouse: %s", patience, error)
                told = True
        # Jitter, so that two waiting writers do not keep meeting.
        time.sleep(wait * random.uniform(0.5, 1.5))  # noqa: S311 - not a secret
        wait = min(2 * wait, _LONGEST_WAIT)


def _must_be_locked(error: duckdb.IOException, file: str) -> None:
    """Raises WarehouseError for errors that waiting does not fix."""
    if is_corrupt(error, file):
        raise WarehouseError(damage(error, file, doing="open")) from error
    if not is_locked(error):
        message = f"cannot open the warehouse {file}: {error}: correct that, or set RFM_WAREHOUSE"
        raise WarehouseError(message) from error
