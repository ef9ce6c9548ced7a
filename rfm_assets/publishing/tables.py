"""Which tables readers get, and how much of each. To publish another table, add it here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rfm_assets.contracts import TABLES, Table, bronze, gold, silver
from rfm_assets.literals import literal
from rfm_assets.warehouse.protocols import Connection
from rfm_assets.warehouse.stored import stored_among

SAMPLE_ROWS = 20


@dataclass(frozen=True)
class Published:
    """A table for readers: every row, or a sample of each day and value of the column `sampled_by`."""

    table: Table
    sampled_by: str = ""

    @property
    def is_per_customer(self) -> bool:
        """Whether each day has a row for every customer."""
        return self.table.key == (self.table.day, "CustomerID")

    @property
    def order(self) -> str:
        """The sort order, which depends only on the rows."""
        return ", ".join(self.table.key) or f"{self.table.day}, {', '.join(self.table.types)}"

    def select(self, days: Iterable[date]) -> str:
        """A SELECT of what readers get of these days, in an order that depends only on the rows."""
        address, columns = self.table.address, ", ".join(self.table.types)
        where = self.of_days(days)
        if not self.sampled_by:
            return f"SELECT {columns} FROM {address} WHERE {where} ORDER BY {self.order}"
        group = f"{self.table.day}, {self.sampled_by}"
        return f"""
            SELECT {columns} FROM (
                SELECT *, row_number() OVER (PARTITION BY {group} ORDER BY {columns}) AS place
                FROM {address} WHERE {where}
            )
            WHERE place <= {SAMPLE_ROWS} ORDER BY {self.order}"""

    def of_days(self, days: Iterable[date]) -> str:
        """SQL for whether a row belongs to one of these days."""
        listed = ", ".join(f"DATE '{day}'" for day in sorted(days))
        return f"{self.table.day} IN ({listed})"


PUBLISHED = (
    Published(bronze.LANDED_FILES),
    Published(silver.REJECTED_TRANSACTIONS, sampled_by="failed_rules"),
    Published(silver.INVOICES),
    Published(silver.RETURNS),
    Published(silver.FILE_OUTCOMES),
    *(Published(table) for table in TABLES.values() if table.schema == "quality"),
    Published(gold.CUSTOMER_MONEY),
    Published(gold.SEGMENT_THRESHOLDS),
    Published(gold.CUSTOMER_SEGMENTS),
    Published(gold.SEGMENT_SUMMARY),
    Published(gold.SEGMENT_MIGRATION),
    Published(gold.CUSTOMER_SCORES),
    *(Published(table) for table in TABLES.values() if table.schema in {"proof", "ml"}),
)


def stored_of(connection: Connection, tables: Sequence[Published]) -> list[Published]:
    """The tables that exist."""
    there = stored_among(connection, [one.table.address for one in tables])
    return [one for one in tables if one.table.address in there]


def rows_per_day(tables: Sequence[Published], database: str = "") -> str:
    """A SELECT of table_name, day and rows of each day with rows, in the connection's database or another one."""
    counts = [
        f"SELECT {literal(one.table.address)} AS table_name, {one.table.day} AS day, count(*) AS rows "
        f"FROM {database}{one.table.address} GROUP BY {one.table.day}"
        for one in tables
    ]
    nothing = "SELECT NULL::VARCHAR AS table_name, NULL::DATE AS day, 0::BIGINT AS rows WHERE false"
    return " UNION ALL ".join(counts or [nothing])


def listed(tables: Sequence[Published]) -> str:
    """The tables' addresses as an SQL list, for IN."""
    return ", ".join(literal(one.table.address) for one in tables) or "NULL"
