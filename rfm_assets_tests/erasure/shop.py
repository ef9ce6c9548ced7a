"""A shop of three days where one customer, whose id occurs nowhere else, bought, returned and has a garbled line."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from rfm_assets.contracts import TABLES
from rfm_assets.publishing.assets import PublishedFolder
from rfm_assets_tests.helpers.scenario import DAY, NEXT_DAY, THIRD_DAY, land, rows, run_days, sale

PERSON = "739105846213579"
NO_CLUSTERS = ("bronze", "silver", "quality", "gold", "publishing")


def land_all(shop: Path) -> None:
    """The person buys on the second day, returns on the third, and appears in a line that cannot be split."""
    others = [sale(customer_id=f"{13000 + n}.0", invoice=f"48900{n}", price=f"{n}.50") for n in range(1, 6)]
    bought = sale(customer_id=f"{PERSON}.0", invoice="489500", invoice_date=NEXT_DAY)
    fee = sale(customer_id=PERSON, invoice="489500", stock_code="POST", invoice_date=NEXT_DAY)
    returned = sale(customer_id=f" {PERSON} ", invoice="C489600", quantity="-1", invoice_date=THIRD_DAY)
    land(shop, DAY, *others)
    land(shop, NEXT_DAY, bought, fee, sale(invoice="489501", invoice_date=NEXT_DAY))
    land(shop, THIRD_DAY, returned, f"{returned},surplus", sale(customer_id=PERSON, invoice="489601", price="9.99"))


def made(shop: Path, *, clusters: bool = False) -> Path:
    """The shop after a run over all its days, without the clusters, which take longest."""
    land_all(shop)
    run_days(shop, DAY, THIRD_DAY, select=() if clusters else NO_CLUSTERS)
    return shop


def published(shop: Path) -> PublishedFolder:
    return PublishedFolder(folder=str(shop / "published"))


def revenue_per_day(shop: Path) -> list[tuple[object, ...]]:
    return rows(shop, "SELECT processing_date, sum(Amount) FROM silver.invoices GROUP BY ALL ORDER BY ALL")


def naming(shop: Path) -> set[str]:
    """Where the person appears: tables and columns of the warehouse, and published files."""
    return {*_columns(shop / "warehouse.duckdb"), *_published(shop / "published")}


def _columns(database: Path) -> Iterator[str]:
    with duckdb.connect(str(database), read_only=True) as connection:
        for address, column in connection.execute(
            "SELECT schema_name || '.' || table_name, column_name FROM duckdb_columns() "
            "WHERE database_name = current_database() AND data_type = 'VARCHAR'"
        ).fetchall():
            select = f"SELECT count(*) FROM {address} WHERE contains({column}, '{PERSON}')"
            if connection.execute(select).fetchone() != (0,):
                yield f"{address}.{column}"


def _published(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.suffix == ".duckdb":
            yield from (f"{path.name}: {found}" for found in _columns(path))
        elif path.suffix == ".parquet":
            texts = duckdb.sql(f"SELECT t::VARCHAR FROM '{path}' AS t").fetchall()
            if any(PERSON in text for (text,) in texts):
                yield str(path.relative_to(folder))
        elif path.is_file() and PERSON.encode() in path.read_bytes():
            yield str(path.relative_to(folder))


def with_its_bytes(shop: Path) -> list[str]:
    """The files of the warehouse and the published copy whose bytes contain the id."""
    kept = [*shop.glob("warehouse.duckdb*"), *(shop / "published").rglob("*")]
    return [str(path) for path in kept if path.is_file() and PERSON.encode() in path.read_bytes()]


def contents(shop: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, without the times they were read or computed."""
    clocks = {"ingestion_timestamp", "created_timestamp", "first_seen", "loaded_at", "noted_at"}
    return {
        table.address: rows(
            shop,
            f"SELECT {', '.join(n for n in table.types if n not in clocks)} FROM {table.address} ORDER BY ALL",
        )
        for table in TABLES.values()
    }
