"""Which tables there are, in a warehouse, on a cluster or in a snapshot."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rfm_assets.warehouse.query import literal

if TYPE_CHECKING:
    from rfm_assets.warehouse.protocols import Connection


def stored_among(connection: "Connection", addresses: Iterable[str]) -> frozenset[str]:
    """Those of some tables that have been made; of all databases that are attached, so ask before attaching others."""
    asked = ", ".join(map(literal, addresses))
    names = connection.execute(
        f"""SELECT table_schema || '.' || table_name FROM information_schema.tables
        WHERE table_schema || '.' || table_name IN ({asked})"""
    )
    return frozenset(name for (name,) in names.fetchall())
