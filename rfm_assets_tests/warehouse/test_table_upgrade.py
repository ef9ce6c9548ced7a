"""An older version's warehouse opens and keeps working; missing nullable columns are added, empty."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb
import pytest

from rfm_assets.bronze import ledger
from rfm_assets.contracts import Column, Table
from rfm_assets.contracts.bronze import LANDED_FILES
from rfm_assets.errors import ContractError
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.duckdb.write import clear, replace_days
from rfm_assets.warehouse.query import Query
from rfm_assets.warehouse.table_upgrade import addable
from rfm_assets_tests.helpers.scenario import DAY, warehouse

OLD = """
    CREATE SCHEMA bronze;
    CREATE TABLE bronze.landed_files (processing_date DATE, source_file VARCHAR, size_bytes BIGINT, version VARCHAR,
        rows BIGINT, malformed_rows BIGINT, first_seen TIMESTAMP, loaded_at TIMESTAMP);
    INSERT INTO bronze.landed_files VALUES
        ('2025-06-26', 'a.csv', 9, 'v', 1, 0, '2025-06-26 01:00:00', '2025-06-26 01:00:00')"""
ADDED = "SELECT source_file, content_digest, duplicate_of FROM bronze.landed_files"
DAYS = Days(LANDED_FILES, date.fromisoformat(DAY), date.fromisoformat(DAY))
SEEN = Table("gold.seen", "", (Column("as_of_date", "DATE", "", nullable=False), Column("who", "VARCHAR", "")))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A shop whose warehouse has a ledger from before copies were detected."""
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute(OLD)
    return tmp_path


def stored_columns(shop: Path) -> set[str]:
    with duckdb.connect(str(shop / "warehouse.duckdb"), read_only=True) as connection:
        return {name for name, *_ in connection.execute("DESCRIBE bronze.landed_files").fetchall()}


@pytest.mark.parametrize("read_only", [True, False])
def test_an_older_table_has_its_columns_as_soon_as_it_is_opened(shop: Path, *, read_only: bool) -> None:
    with warehouse(shop).connect(read_only=read_only) as connection:
        assert connection.execute(ADDED).fetchall() == [("a.csv", None, None)]
    assert stored_columns(shop) == set(LANDED_FILES.types)


def test_a_reader_goes_on_where_somebody_else_has_the_file_and_a_run_adds_the_columns_later(shop: Path) -> None:
    store = warehouse(shop)
    with duckdb.connect(store.database, read_only=True, config=store.config()):  # one per process
        (entry,) = ledger.entries(store, date.min, date.max)
    assert "duplicate_of" not in stored_columns(shop)
    assert (entry.key, entry.content_digest, entry.duplicate_of) == ("a.csv", None, None)
    with store.transaction() as connection:
        replace_days(connection, DAYS, Query(f"SELECT * FROM {LANDED_FILES.address}"))
    assert stored_columns(shop) == set(LANDED_FILES.types)


@pytest.mark.parametrize(
    "drift",
    ["ADD COLUMN shop VARCHAR", "DROP COLUMN version", "ALTER rows TYPE INTEGER"],
    ids=["surplus", "one that is required is missing", "another type"],
)
def test_a_table_that_departs_otherwise_is_left_as_it_is_and_refused(shop: Path, drift: str) -> None:
    with duckdb.connect(str(shop / "warehouse.duckdb")) as connection:
        connection.execute(f"ALTER TABLE bronze.landed_files {drift}")
    before = stored_columns(shop)
    with pytest.raises(ContractError, match=r"missing: .*duplicate_of"), warehouse(shop).transaction() as connection:
        clear(connection, DAYS)
    assert stored_columns(shop) == before


@pytest.mark.parametrize(
    ("stored", "names"),
    [
        ({"as_of_date": "DATE"}, ["who"]),
        ({"as_of_date": "DATE", "who": "VARCHAR"}, []),
        ({"who": "VARCHAR"}, []),
        ({"as_of_date": "DATE", "name": "VARCHAR"}, []),
        ({"as_of_date": "TIMESTAMP"}, []),
    ],
)
def test_only_what_may_be_empty_is_added_and_only_to_an_older_table(
    stored: Mapping[str, str], names: list[str]
) -> None:
    assert [column.name for column in addable(stored, SEEN)] == names
