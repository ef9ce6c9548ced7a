"""Which tables there are, in a warehouse, on a cluster or in a snapshot."""

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
    """Those of some tables that have been made; of all databases that are attached, so ask before attaching others."""
    asked = ", ".join(map(literal, addresses))
    names = connection.execute(
        f"""SELECT table_schema || '.' || table_name FROM information_schema.tables
        WHERE table_schema || '.' || table_name IN ({asked})"""
    )
    return frozenset(name for (name,) in names.fetchall())


def rows_if_stored(warehouse: "Engine", table: Table, select: str) -> Sequence[tuple[Any, ...]]:
    """The rows of a SELECT over a table; none where the table has not been made yet."""
    try:
        with warehouse.connect(read_only=True) as connection, tables_must_exist(table):
            return connection.execute(select).fetchall()
    except MissingTableError:
        return []
