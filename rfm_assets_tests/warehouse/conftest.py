"""The warehouse that the tests in this folder start from."""

from pathlib import Path

import pytest

from rfm_assets.warehouse.duckdb.engine import DuckDBEngine
from rfm_assets.warehouse.duckdb.write import replace_days
from rfm_assets_tests.helpers.scenario import warehouse
from rfm_assets_tests.helpers.visits import DAY, NEXT_DAY, THIRD_DAY, days, query, visit


@pytest.fixture
def store(tmp_path: Path) -> DuckDBEngine:
    """A warehouse with a visit on each of three days."""
    store = warehouse(tmp_path)
    with store.transaction() as connection:
        replace_days(
            connection, days(DAY, THIRD_DAY), query(visit(DAY, "a"), visit(NEXT_DAY, "b"), visit(THIRD_DAY, "c"))
        )
    return store
