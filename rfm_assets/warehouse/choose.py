"""Which engine the settings mean."""

from pathlib import Path

from rfm_assets.errors import SettingError
from rfm_assets.settings import Settings
from rfm_assets.warehouse.connection import Warehouse
from rfm_assets.warehouse.engine import Engine


def engine_of(chosen: Settings) -> Engine:
    """The DuckDB file, or the tables of a Spark cluster.

    Raises:
        SettingError: when Spark is chosen but SPARK_REMOTE does not say which.
    """
    if chosen.engine == "duckdb":
        return Warehouse.of(chosen)
    if chosen.spark_remote is None:
        message = "RFM_ENGINE=spark needs SPARK_REMOTE, the Spark Connect server: set it like sc://host:15002"
        raise SettingError(message)
    from rfm_assets.warehouse.spark.engine import SparkEngine

    return SparkEngine(
        remote=chosen.spark_remote.get_secret_value(),
        location=_absolute(chosen.spark_warehouse),
        format=chosen.spark_format,
        catalog=chosen.spark_catalog,
    )


def _absolute(place: str) -> str:
    """A folder with all of its path: the cluster's working directory is another."""
    return place if "://" in place else str(Path(place).resolve())
