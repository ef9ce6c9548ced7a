"""A small warehouse in a file and what is published from it, without Dagster."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from rfm_assets.contracts.bronze import TRANSACTIONS
from rfm_assets.contracts.meta import CUSTOMER_PRODUCTS
from rfm_assets.publishing import reader
from rfm_assets.publishing.publish import Publication, publish
from rfm_assets.publishing.source import StoredInFile
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.duckdb.write import clear
from rfm_assets.warehouse.duckdb.written_days import mark_written
from rfm_assets_tests.helpers.plain import day, line, materialize, new_database, put

DAYS = [day(number) for number in range(1, 7)]
LAST_DAY = DAYS[-1]
WAREHOUSE = "warehouse.duckdb"

BUT_CLOCKS = "COLUMNS(name -> name <> 'created_timestamp')"
Contents = dict[str, list[tuple[Any, ...]]]


@dataclass
class Shop:
    """A warehouse, and the folder its readers read."""

    home: Path
    warehouse: duckdb.DuckDBPyConnection

    @property
    def published(self) -> Path:
        return self.home / "published"

    def publish(self, folder: Path | None = None) -> Publication:
        return publish(StoredInFile(self.warehouse), folder or self.published, run_id="a run")

    def deliver(self, on: date, *customers: str) -> None:
        """Replaces a day: a sale to each of these customers, and a refused line."""
        lines = [line(on=on, Invoice=f"{500000 + n}", CustomerID=who) for n, who in enumerate(customers)]
        self.warehouse.begin()  # one write to the disk
        clear(self.warehouse, Days(TRANSACTIONS, on, on))
        put(self.warehouse, TRANSACTIONS, *lines, line(on=on, Quantity="0"))
        materialize(self.warehouse, on, LAST_DAY)
        self.warehouse.commit()

    def products(self, folder: Path | None = None) -> list[tuple[Any, ...]]:
        """The customers' products that readers find."""
        with reader.published_copy(folder or self.published) as held:
            return held.execute(f"SELECT * FROM {CUSTOMER_PRODUCTS.address} ORDER BY ALL").fetchall()

    def contents(self, folder: Path | None = None) -> Contents:
        """The columns and every row that readers find, without those about the publishing itself."""
        with reader.published_copy(folder or self.published) as held:
            tables = held.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables()").fetchall()
            return {
                address: held.execute(f"DESCRIBE {address}").fetchall()
                + held.execute(f"SELECT {BUT_CLOCKS} FROM {address} ORDER BY ALL").fetchall()
                for (address,) in tables
                if not address.startswith("meta.")
            }


@contextmanager
def open_shop(home: Path) -> Iterator[Shop]:
    """A shop with sales to A and B on each of six days, its warehouse open as in a run."""
    (home / WAREHOUSE).write_bytes(_six_days())
    with open_shop_again(home) as shop:
        yield shop


@cache
def _six_days() -> bytes:
    """The file of its warehouse, made once per process."""
    with TemporaryDirectory() as home:
        file = Path(home) / WAREHOUSE
        with new_database(str(file)) as warehouse:
            warehouse.begin()
            for on in DAYS:
                lines = [line(on=on, Invoice=f"{500000 + n}", CustomerID=c) for n, c in enumerate("AB")]
                put(warehouse, TRANSACTIONS, *lines)
            materialize(warehouse, DAYS[0], LAST_DAY)
            # As the safe write does by itself for tables that are not made by queries.
            mark_written(warehouse, "bronze.landed_files", f"SELECT DATE '{DAYS[0]}' AS day")
            warehouse.commit()
        return file.read_bytes()


@contextmanager
def open_shop_again(home: Path) -> Iterator[Shop]:
    """The shop as it was left; its few rows do not need more than one thread."""
    with duckdb.connect(str(home / WAREHOUSE), config={"threads": 1}) as warehouse:
        yield Shop(home, warehouse)
