"""Both engines give one result on the real daily files; `make test-spark` runs it, which takes minutes."""

import os
from pathlib import Path

import duckdb
import pytest

from rfm_assets.warehouse.duckdb.engine import DuckDBEngine
from rfm_assets_tests.spark.comparing import differences, materialize
from rfm_assets_tests.spark.conftest import new_engine
from rfm_assets_tests.spark.servers import connect_server

pytestmark = pytest.mark.e2e

FIRST, LAST = "2025-06-26", "2026-04-28"


@pytest.mark.skipif("RFM_TEST_SPARK" not in os.environ, reason="takes minutes; `make test-spark` runs it")
def test_every_table_of_the_whole_history_is_equal_cell_by_cell(real_landing: Path, tmp_path: Path) -> None:
    file = tmp_path / "warehouse.duckdb"
    with connect_server(tmp_path) as remote:  # before any work: it may skip
        on_duckdb = materialize(DuckDBEngine(database=str(file)), real_landing, FIRST, LAST)
        on_spark = materialize(new_engine(remote, tmp_path), real_landing, FIRST, LAST)
    assert (on_spark.rows, on_spark.red) == (on_duckdb.rows, on_duckdb.red)
    with duckdb.connect(str(file), read_only=True) as stored:
        assert stored.execute("SELECT count(*) FROM gold.customer_rfm").fetchone() == (805_667,)
        assert differences(stored, tmp_path / "tables") == {}
