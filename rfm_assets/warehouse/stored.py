"""Finds the tables that exist, in a warehouse, on a Spark cluster or in a published copy."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rfm_assets.contracts import Table
from rfm_assets.errors import MissingTableError
from rfm_assets.literals import literal
from rfm_assets.warehouse.conformance import tables_must_exist

if TYPE_CHECKING:
    from rfm_assets.warehouse.engine import Engine
    from rfm_assets.warehouse.protocols import Connection


def stored_among(connection: "Connection", addresses: Iterable[str]) -> frozenset[str]:
    """The addresses that exist, in any attached database: call it before attaching others."""
    asked = ", ".join(map(literal, addresses))
    names = connection.execute(
        f"""SELECT table_schema || '.' || table_name FROM information_schema.tables
        WHERE table_schema || '.' || table_name IN ({asked})"""
    )
    return frozenset(name for (name,) in names.fetchall())


def rows_if_stored(warehouse: "Engine", table: Table, select: str) -> Sequence[tuple[Any, ...]]:
    """The rows of a SELECT over a table; empty if the table does not exist yet."""
    try:
        with warehouse.connect(read_only=True) as connection, tables_must_exist(table):
            return connection.execute(select).fetchall()
    except MissingTableError:
        return []
