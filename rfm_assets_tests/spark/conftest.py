"""One Spark Connect server for the tests in this folder, and a warehouse on it for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rfm_assets.contracts import TABLES
from rfm_assets.warehouse.spark.engine import SparkEngine
from rfm_assets_tests.spark.servers import FEW_ROWS, connect_server


@pytest.fixture(scope="session")
def spark_remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with connect_server(tmp_path_factory.mktemp("spark"), config=FEW_ROWS) as remote:
        yield remote


@pytest.fixture
def spark(spark_remote: str, tmp_path: Path) -> SparkEngine:
    """An empty warehouse."""
    return new_engine(spark_remote, tmp_path)


def new_engine(remote: str, folder: Path) -> SparkEngine:
    """An engine over an empty folder; the server forgets the previous test's tables."""
    engine = SparkEngine(remote=remote, location=str(folder / "tables"), lock_patience=10)
    with engine.connect() as connection:
        for schema in {table.schema for table in TABLES.values()}:
            connection.session.sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE").collect()
    return engine
