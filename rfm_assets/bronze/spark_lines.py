"""Landed files on a Spark cluster, which reads their lines in place and splits them with the same statement."""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from importlib.resources import files as package_files
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from pyspark.errors import AnalysisException
from pyspark.sql.connect import functions as f

from rfm_assets.bronze.inspection import BYTE_ORDER_MARK, open_bytes
from rfm_assets.bronze.loading import miscounted
from rfm_assets.bronze.split_lines import split_lines
from rfm_assets.contracts.bronze import TRANSACTIONS
from rfm_assets.contracts.line_format import FIELD
from rfm_assets.errors import ChangedFileError, LandingError
from rfm_assets.warehouse.query import Query
from rfm_assets.warehouse.spark.column_types import spark_columns
from rfm_assets.warehouse.spark.dialect import to_spark

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.connect.session import SparkSession

    from rfm_assets.bronze.landed_files import FetchedFile

_LANDED_FILE = "path STRING, source_file STRING, processing_date DATE, header STRING, is_windows BOOLEAN"
_BEYOND_ASCII = bytes(range(0x80, 0xA0))  # where Windows-1252 has letters and ISO 8859-1 has none


class _LandedFile(NamedTuple):
    """A row of `landed_file`; `path` is Spark's name for the file that a line comes from."""

    path: str
    source_file: str
    processing_date: object
    header: str
    is_windows: bool


def read_lines(session: "SparkSession", files: Sequence["FetchedFile"], read_at: datetime) -> "DataFrame":
    """The rows of bronze.transactions that the files hold, lazily.

    Raises:
        LandingError: when the cluster does not see a file.
    """
    header_of = attrgetter("inspection.header")
    groups = groupby(sorted(files, key=header_of), key=header_of)
    rows = [_rows_under_header(session, list(group), header, read_at) for header, group in groups]
    no_rows = session.createDataFrame([], spark_columns(TRANSACTIONS))
    return reduce(lambda one, other: one.unionAll(other), rows or [no_rows])


def _rows_under_header(
    session: "SparkSession", files: Sequence["FetchedFile"], header: Sequence[str], read_at: datetime
) -> "DataFrame":
    line = f"landed_line_{uuid4().hex}"
    _lines(session, files).createOrReplaceTempView(line)
    return session.sql(to_spark(split_lines(Query(f"SELECT * FROM {line}"), header, read_at, field=FIELD).sql()))


def _lines(session: "SparkSession", files: Sequence["FetchedFile"]) -> "DataFrame":
    """The lines in the form of `landed_line`, see landed_lines.sql."""
    text, file = (f"{name}_{uuid4().hex}" for name in ("landed_text", "landed_file"))
    try:
        _text(session, files).createOrReplaceTempView(text)
    except AnalysisException as error:
        if error.getCondition() != "PATH_NOT_FOUND":
            raise
        message = (
            f"the cluster does not see a file that has landed ({error.getMessage()}): land files in a bucket, or in a "
            "folder that every machine of the cluster has under the same path"
        )
        raise LandingError(message) from error
    session.createDataFrame([_described(one) for one in files], _LANDED_FILE).createOrReplaceTempView(file)
    statement = package_files(__package__).joinpath("landed_text.spark.sql").read_text(encoding="utf-8")
    return session.sql(
        re.sub(r"\blanded_text\b", text, re.sub(r"\blanded_file\b", file, statement)),
        args={
            "latin": _BEYOND_ASCII.decode("latin-1"),
            "windows": _BEYOND_ASCII.decode("cp1252", errors="replace"),
        },
    )


def confirm_lines(made: "DataFrame", files: Sequence["FetchedFile"]) -> None:
    """Compares the number of lines that the Spark cluster read of each file with what the inspection counted.

    Raises:
        ChangedFileError: when they differ, as when the cluster sees another folder.
    """
    counted = dict(tuple(row) for row in made.groupBy("source_file").count().collect())
    for file, found, lines in miscounted(counted, files):
        message = (
            f"the cluster read {found} lines of {file.location}, but {lines} have landed, and nothing was stored: "
            "materialize again once the file is delivered as a whole, and see that the cluster sees it"
        )
        raise ChangedFileError(message)


def _text(session: "SparkSession", files: Sequence["FetchedFile"]) -> "DataFrame":
    paths = [
        re.sub(r"([\[\]{}*?\\])", r"\\\1", file.location) for file in files
    ]  # Spark reads a path as a glob pattern
    path = f.url_decode(f.replace("_metadata.file_path", f.lit("+"), f.lit("%2B")))
    return (
        session.read.option("lineSep", "\n")
        .text(paths)
        .select(f.col("value").cast("binary").alias("bytes"), path.alias("path"))
    )


def _described(file: "FetchedFile") -> _LandedFile:
    with open_bytes(file.path) as lines:
        header = lines.readline().removeprefix(BYTE_ORDER_MARK).decode().removesuffix("\n").removesuffix("\r")
    is_windows = file.inspection.encoding == "windows-1252"
    return _LandedFile(file.location, file.landed.key, file.landed.day, header, is_windows)
