"""The write on Spark: replaces days of a table once all rows have been computed and checked."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from pyspark.errors import PySparkException
from pyspark.sql.connect import functions as f

from rfm_assets.contracts import Table
from rfm_assets.errors import ContractError
from rfm_assets.warehouse.conformance import must_fit
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.spark.column_types import declared_type, spark_type
from rfm_assets.warehouse.spark.connection import SparkConnection

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

# Formats with a log of commits: all days of a slice, emptied ones too, change in one of them.
_WITH_COMMITS = frozenset({"delta", "iceberg"})
_SEEN = "written"  # what Spark calls the figures of a write
_WHOLE, _FRACTIONS = ("INTEGER", "BIGINT"), ("DOUBLE", "FLOAT", "DECIMAL")


class _Written(NamedTuple):
    """What a write has stored: rows of some days, and how many in all, where Spark counted them."""

    days: Collection[date]
    rows: int | None


def replace_days(
    connection: SparkConnection,
    days: Days,
    rows: "DataFrame",
    *,
    confirm: "Callable[[DataFrame], None] | None" = None,
) -> dict[date, int]:
    """Replaces days of an existing table; returns the row count of each day from the first to the last.

    The rows are written beside the stored ones, and replace them once all are written and belong to these days.
    `confirm` can check them first, and raise; the rows are computed once for both.

    Raises:
        ContractError: when a column is missing or surplus, or a row is of another day.
    """
    with _read_once(connection, rows) as read, _confirmed(_as_declared(read, days.table), confirm) as made:
        try:
            written = _overwrite(connection, days, made)
        except PySparkException:
            days.must_hold_all(strays=made.where(~_is_of(days)).count())
            raise
    if written and written.rows and days.first == days.last:
        return {days.first: written.rows}
    stored = replace(days, without=frozenset()).rows_per_day(connection)
    emptied = set() if written is None else set(days.includes(stored)) - set(written.days)
    _empty(connection, days.table, emptied)
    return {day: rows_of_day for day, rows_of_day in stored.items() if day not in emptied}


@contextmanager
def _read_once(connection: SparkConnection, rows: "DataFrame") -> Iterator["DataFrame"]:
    """The same rows by a view, whose statement Spark resolves once; else it does so for every question about them."""
    view = f"rows_{uuid4().hex}"
    rows.createOrReplaceTempView(view)
    try:
        yield connection.session.table(view)
    finally:
        connection.session.catalog.dropTempView(view)


def _as_declared(rows: "DataFrame", table: Table) -> "DataFrame":
    given = {name: declared_type(kind) for name, kind in rows.dtypes}
    must_fit(given, table)
    for name, kind in table.types.items():
        if kind in _WHOLE and given[name].startswith(_FRACTIONS) and not given[name].endswith(",0)"):
            message = f"{table.address}.{name} is {kind} but given as {given[name]}: say round(...) in its statement"
            raise ContractError(message)
    return rows.select(*(f.col(name).cast(spark_type(kind)).alias(name) for name, kind in table.types.items()))


@contextmanager
def _confirmed(rows: "DataFrame", confirm: "Callable[[DataFrame], None] | None") -> Iterator["DataFrame"]:
    """Rows that somebody has looked at, kept on the cluster until the block ends so that they are made once."""
    if confirm is None:
        yield rows
        return
    made = rows.persist()
    try:
        confirm(made)
        yield made
    finally:
        made.unpersist()


def _overwrite(connection: SparkConnection, days: Days, rows: "DataFrame") -> _Written | None:
    """Replaces the days that have rows, and returns them; None where those that have none are emptied, too.

    A row of another day fails the write before anything changes.
    """
    table = days.table
    day = f.when(_is_of(days), f.col(table.day)).otherwise(f.raise_error(f.lit("a row is of another day")))
    guarded = rows.withColumn(table.day, day)
    if connection.format in _WITH_COMMITS:
        guarded.writeTo(table.address).overwrite(f.expr(days.where))
        return None
    by_day = _by_day(connection, guarded, table)
    # Last of all, so in the tasks that write: Spark takes each of those once, whatever fails and is run again.
    figures = f.collect_set(table.day).alias("days"), f.count("*").alias("rows")
    watched = by_day.observe(_SEEN, *figures)
    made = watched.select(*connection.session.table(table.address).columns)  # the table takes them by position
    made.write.insertInto(table.address, overwrite=True)
    # Nothing is observed where Spark knows that there are no rows.
    seen = dict(made.executionInfo.flows).get(_SEEN) if made.executionInfo else None
    return _Written(set(seen["days"]), seen["rows"]) if seen else _Written(_days_in(rows, table), None)


def _by_day(connection: SparkConnection, rows: "DataFrame", table: Table) -> "DataFrame":
    """The same rows, so that a day is a file or a few, however many tasks made them: each is opened to be read."""
    if connection.session.conf.get("spark.sql.adaptive.enabled") == "true":
        return rows.hint("rebalance", f.col(table.day))
    return rows.repartition(f.col(table.day))  # without adaptive execution, Spark leaves the hint out


def _days_in(rows: "DataFrame", table: Table) -> Collection[date]:
    return {day for (day,) in rows.select(table.day).distinct().collect()}


def _is_of(days: Days) -> "Column":
    return f.coalesce(f.expr(days.where), f.lit(False))  # noqa: FBT003 - Spark's signature


def _empty(connection: SparkConnection, table: Table, emptied: Iterable[date]) -> None:
    """Takes the rows of days that have none any more."""
    for day in sorted(emptied):
        connection.session.sql(
            f"INSERT OVERWRITE TABLE {table.address} PARTITION (`{table.day}` = DATE '{day}') {_no_rows(table)}"
        ).collect()


def _no_rows(table: Table) -> str:
    columns: Iterable[tuple[str, str]] = ((name, kind) for name, kind in table.types.items() if name != table.day)
    return f"SELECT {', '.join(f'CAST(NULL AS {spark_type(kind)}) AS `{name}`' for name, kind in columns)} WHERE false"
