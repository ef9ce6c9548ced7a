"""The classes that declare a table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import dagster as dg

CUSTOMER_ID, RAW_LINE = "CustomerID", "_rescued_data"
"""The only columns that may name a customer: the id, and the raw line that could not be split."""

_PACKED_DIGITS = 18  # the most that fit into 64 bits, which DuckDB compresses well


@dataclass(frozen=True)
class Column:
    """A column: its DuckDB type, what it means to an analyst, and whether it may be empty."""

    name: str
    type: str
    meaning: str
    nullable: bool = True

    @property
    def storage(self) -> str:
        """The column's compression clause: DuckDB's choice, except that wide decimals stay uncompressed.

        DuckDB takes thirty times as long to decompress decimals of more than 18 digits as to read them plain.
        """
        digits = re.match(r"DECIMAL\((\d+)", self.type)
        return " USING COMPRESSION uncompressed" if digits and int(digits[1]) > _PACKED_DIGITS else ""


@dataclass(frozen=True)
class Table:
    """A table of the warehouse, partitioned by its day column; the `key` columns together name one row of it."""

    address: str
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @property
    def asset_key(self) -> dg.AssetKey:
        """The asset of the same address: `gold.customer_rfm` is asset `gold/customer_rfm`."""
        return dg.AssetKey(self.address.split("."))

    @property
    def schema(self) -> str:
        """The warehouse schema, which is also the asset's group."""
        return self.address.split(".")[0]

    @property
    def day(self) -> str:
        """The column that holds the partition day: the first candidate."""
        return next(c.name for c in self.columns if c.name in {"processing_date", "measured_on", "as_of_date"})

    @property
    def types(self) -> Mapping[str, str]:
        """The DuckDB type of each column, by name, in order."""
        return {column.name: column.type for column in self.columns}

    @property
    def names_customers(self) -> bool:
        """Whether a row may hold a customer's id."""
        return not {CUSTOMER_ID, RAW_LINE}.isdisjoint(self.types)

    def ddl(self, database: str = "") -> str:
        """The statement that creates the table if missing, in the connection's database or another one.

        No key, unique constraint or index: partition overwrite needs none, and checks prove uniqueness.
        """
        columns = ",\n".join(f"    {c.name} {c.type}{c.storage}" for c in self.columns)
        address = f"{database}.{self.address}" if database else self.address
        return f"CREATE TABLE IF NOT EXISTS {address} (\n{columns}\n)"

    def metadata(self) -> dict[str, Any]:
        """Asset metadata for the UI and the IO manager."""
        return {
            "dagster/column_schema": dg.TableSchema(
                columns=[
                    dg.TableColumn(
                        c.name, c.type.lower(), c.meaning, constraints=dg.TableColumnConstraints(nullable=c.nullable)
                    )
                    for c in self.columns
                ]
            ),
            "dagster/table_name": self.address,
        }
