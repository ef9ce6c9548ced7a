"""The graph's resources by the settings: the landing zone and the engine."""

from pathlib import Path

from rfm_assets.errors import SettingError
from rfm_assets.landing.address import bucket_and_prefix
from rfm_assets.landing.folder import FolderLandingZone
from rfm_assets.landing.zone import LandingZone
from rfm_assets.settings import Settings
from rfm_assets.warehouse.duckdb.engine import DuckDBEngine
from rfm_assets.warehouse.engine import Engine


def engine_of(chosen: Settings) -> Engine:
    """The DuckDB file, or the tables of a Spark cluster.

    Raises:
        SettingError: when Spark is chosen without SPARK_REMOTE.
    """
    if chosen.engine == "duckdb":
        return DuckDBEngine.of(chosen)
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
    """A folder's absolute path: the Spark cluster has another working directory."""
    return place if "://" in place else str(Path(place).resolve())


def zone_at(address: str) -> LandingZone:
    """The zone at `s3://bucket/prefix` (the prefix is optional), or in the folder at any other address.

    Raises:
        SettingError: when the address is neither.
    """
    bucket = bucket_and_prefix(address, setting="RFM_LANDING")
    if bucket is None:
        return FolderLandingZone(folder=address)
    # Loading boto3 takes longer than loading the rest of the package, and a folder does not need it.
    from dagster_aws.s3 import S3Resource

    from rfm_assets.landing.s3 import S3LandingZone

    return S3LandingZone(s3=S3Resource(), bucket=bucket[0], prefix=bucket[1])
