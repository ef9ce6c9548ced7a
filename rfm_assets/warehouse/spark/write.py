"""The write on Spark: some days of a table replaced, after every row has been made and looked at."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING
from uuid import uuid4

from pyspark.sql.connect import functions as f

from rfm_assets.contracts import Table
from rfm_assets.errors import ContractError
from rfm_assets.warehouse.conformance import must_fit
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.spark.connection import SparkConnection, declared_type, spark_type

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

# Formats with a log of commits: all days of a slice, emptied ones too, change in one of them.
_WITH_COMMITS = frozenset({"delta", "iceberg"})
_WHOLE, _FRACTIONS = ("INTEGER", "BIGINT"), ("DOUBLE", "FLOAT", "DECIMAL")


def replace_days(
    connection: SparkConnection,
    days: Days,
    rows: "DataFrame",
    *,
    confirm: Callable[["DataFrame"], None] | None = None,
) -> dict[date, int]:
    """Replaces some days of a table that is there by rows, once they are all computed; returns their counts per day.

    `confirm` may look at the rows and raise before anything is changed.

    Raises:
        ContractError: when a column is missing or surplus, or a row is of another day.
    """
    table = days.table
    must_fit({name: declared_type(kind) for name, kind in rows.dtypes}, table)
    with _computed(_as_declared(rows, table)) as (made, view):
        per_day = dict(tuple(row) for row in made.groupBy(table.day).count().collect())
        kept = days.includes(per_day)
        days.must_hold_all(strays=sum(count for day, count in per_day.items() if day not in kept))
        if confirm:
            confirm(made)
        if connection.format in _WITH_COMMITS:
            made.writeTo(table.address).overwrite(f.expr(days.where))
        else:
            _overwrite_partitions(connection, days, view, per_day)
    return per_day


def _as_declared(rows: "DataFrame", table: Table) -> "DataFrame":
    given = {name: declared_type(kind) for name, kind in rows.dtypes}
    for name, kind in table.types.items():
        if kind in _WHOLE and given[name].startswith(_FRACTIONS) and not given[name].endswith(",0)"):
            message = f"{table.address}.{name} is {kind} but given as {given[name]}: say round(...) in its statement"
            raise ContractError(message)
    return rows.select(*(f.col(name).cast(spark_type(kind)).alias(name) for name, kind in table.types.items()))


@contextmanager
def _computed(rows: "DataFrame") -> Iterator[tuple["DataFrame", str]]:
    """Rows that the cluster keeps until the block ends, so that they are made once, and the name of a view of them."""
    made, view = rows.persist(), f"made_{uuid4().hex}"
    try:
        made.createOrReplaceTempView(view)
        yield made, view
    finally:
        made.sparkSession.catalog.dropTempView(view)
        made.unpersist()


def _overwrite_partitions(connection: SparkConnection, days: Days, view: str, per_day: Mapping[date, int]) -> None:
    """Lets Spark swap the folders of the days that have rows, and then empties those that have none any more."""
    table, run = days.table, connection.session.sql
    emptied = days.rows_per_day(connection).keys() - per_day.keys()
    if per_day:
        # Rebalanced by day, so that a day is a file or a few, however many tasks made its rows.
        run(
            f"INSERT OVERWRITE TABLE {table.address} BY NAME SELECT /*+ REBALANCE(`{table.day}`) */ * FROM {view}"
        ).collect()
    for day in sorted(emptied):
        run(
            f"INSERT OVERWRITE TABLE {table.address} PARTITION (`{table.day}` = DATE '{day}') {_no_rows(table)}"
        ).collect()


def _no_rows(table: Table) -> str:
    columns: Iterable[tuple[str, str]] = ((name, kind) for name, kind in table.types.items() if name != table.day)
    return f"SELECT {', '.join(f'CAST(NULL AS {spark_type(kind)}) AS `{name}`' for name, kind in columns)} WHERE false"
