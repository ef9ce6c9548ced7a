"""A source of the published copy with hashes in place of customers' ids."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from rfm_assets.contracts import Table
from rfm_assets.contracts.bronze import OPTIONAL_SOURCE_COLUMNS, SOURCE_COLUMNS
from rfm_assets.contracts.silver import REJECTED_TRANSACTIONS
from rfm_assets.contracts.table import CUSTOMER_ID
from rfm_assets.forms.shape import shape_in_sql
from rfm_assets.privacy.customer_ids import CustomerIds
from rfm_assets.publishing.source import Source
from rfm_assets.publishing.tables import PUBLISHED, Published
from rfm_assets.silver.rules import typed
from rfm_assets.warehouse.query import Query


@dataclass(frozen=True)
class HashedSource:
    """Wraps a source: hashes in place of ids, and only the shapes of refused lines' fields."""

    stored: Source
    ids: CustomerIds

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The source's connection."""
        return self.stored.connection

    @property
    def knows_emptied_days(self) -> bool:
        """Whether the source does."""
        return self.stored.knows_emptied_days

    def emptied_days(self) -> Collection[date]:
        """The source's."""
        return self.stored.emptied_days()

    def take_stock(self, of: Sequence[Published] = PUBLISHED) -> Sequence[Published]:
        """The source's."""
        self.ids.prepare(self.connection)
        return self.stored.take_stock(of)

    def rows(self, one: Published, days: Collection[date]) -> str:
        """The source's rows, in the order of the hashes: the order of the ids would reveal them."""
        rows, columns = self.stored.rows(one, days), {}
        if CUSTOMER_ID not in one.table.types:
            return rows
        if one.table == REJECTED_TRANSACTIONS:
            rows = typed(Query(f"SELECT * FROM ({rows}) AS refused")).sql()
            fields = {*SOURCE_COLUMNS.values(), *OPTIONAL_SOURCE_COLUMNS, "_rescued_data"}
            columns = {name: shape_in_sql(name) for name in fields}  # each may hold anything, even ids
            columns[CUSTOMER_ID] = self.ids.expression("typed_customer")
        return self._hashed(rows, one.table, one.order, columns)

    def found(self, query: Query, table: Table) -> str:
        """The query's rows, in the order of the table's key after hashing."""
        return self._hashed(self.stored.found(query, table), table, ", ".join(table.key), {})

    def _hashed(self, rows: str, table: Table, order: str, columns: Mapping[str, str]) -> str:
        """Rows with a hash in place of the id, or with the expressions of `columns`, ordered by the hash."""
        said = {CUSTOMER_ID: self.ids.expression(CUSTOMER_ID), **columns}
        given = ", ".join(f"{said[name]} AS {name}" if name in said else name for name in table.types)
        return f"SELECT * FROM (SELECT {given} FROM ({rows}) AS stored) AS hashed ORDER BY {order}"
