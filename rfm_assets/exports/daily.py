"""Makes the daily files from all exports: the newest version of each order, and refunds as cancellations."""

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from rfm_assets.exports.manifest import Manifest
from rfm_assets.exports.statements import quoted, statement
from rfm_assets.exports.target import name_of
from rfm_assets.exports.terms import Terms
from rfm_assets.literals import literal
from rfm_assets.warehouse.query import bind

COLUMNS = ("Invoice", "StockCode", "Description", "Quantity", "Price", "Customer ID", "Country", "InvoiceDate")
"""The columns of every daily file. Repeated here: importing bronze's contract would import Dagster."""

_EVERYTHING = "true"


@dataclass(frozen=True)
class Kept:
    """An export's manifest, and the Parquet file of its lines."""

    manifest: Manifest
    path: Path


def affected_days(
    connection: duckdb.DuckDBPyConnection, before: Sequence[Kept], after: Sequence[Kept]
) -> set[date] | None:
    """The days whose files may change when exports are added or removed; None for all days.

    Makes the table `touched`, the orders in those exports.
    """
    there = {one.path for one in before} & {one.path for one in after}
    changed = [one for one in (*before, *after) if one.path not in there]
    if not there:
        return None
    if not changed:
        connection.execute("CREATE OR REPLACE TEMP TABLE touched (order_key VARCHAR)")
        return set()
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE touched AS SELECT DISTINCT order_key FROM read_parquet([{_files(changed)}]) "
        "WHERE order_key IS NOT NULL"
    )
    _rank(connection, [*{one.path: one for one in (*before, *after)}.values()])
    every = _files({one.path: one for one in (*before, *after)}.values())
    found = connection.execute(
        f"""SELECT DISTINCT unnest([file_day, refund_day, CASE WHEN refunded > 0 THEN exports.day END]) AS day
        FROM read_parquet([{every}], filename = 'file') AS kept JOIN exports ON exports.file = kept.file
        WHERE order_key IN (FROM touched)
        UNION SELECT file_day FROM read_parquet([{_files(changed)}]) WHERE order_key IS NULL"""
    ).fetchall()
    return {day for (day,) in found if day is not None}


def compose(
    connection: duckdb.DuckDBPyConnection, kept: Sequence[Kept], days: Collection[date] | None, *, minor: int, mark: str
) -> None:
    """Makes the table `daily`, the lines of the files of `days`, or of all days."""
    _rank(connection, kept)
    files = _files(kept)
    condition = among = _EVERYTHING
    if days is not None:
        among = bind("file_day IN ($days)", days=days)
        _make_wanted(connection, files, among)
        condition = f"order_key IN (FROM wanted) OR (order_key IS NULL AND {among})"
        files = _files_with(connection, kept, files, condition)
    in_order = " ORDER BY file_day" if len(kept) > 1 else ""  # a single export's lines are in order already
    for name, text in (
        ("versions", statement("versions", files=files, condition=condition)),
        ("newest", statement("newest") if len(kept) > 1 else "FROM versions WHERE left_out IS NULL"),
        ("refunds", statement("refunds")),
        (
            "refunded",
            statement(
                "spread",
                lines=statement("refunded_lines", mark=literal(mark)),
                key="order_key, refund_rank",
                weight="refund_weight",
                minor=str(minor),
            ),
        ),
    ):
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {text}")
    connection.execute(f"CREATE OR REPLACE TABLE daily AS {statement('daily', condition=among)}{in_order}")


def _make_wanted(connection: duckdb.DuckDBPyConnection, files: str, among: str) -> None:
    """Makes the table `wanted`: orders with a line in these days' files, or with money paid back on these days."""
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE wanted AS SELECT DISTINCT order_key
        FROM read_parquet([{files}], filename = 'file') AS kept JOIN exports ON exports.file = kept.file
        WHERE {among} OR refunded > 0 AND (refund_day IS NOT NULL OR {among.replace("file_day", "exports.day")})"""
    )


def _files_with(connection: duckdb.DuckDBPyConnection, kept: Sequence[Kept], files: str, condition: str) -> str:
    """The files with a line that meets the condition: few of years of exports. If none has, any one file."""
    found = connection.execute(
        f"SELECT DISTINCT filename FROM read_parquet([{files}], filename = true) WHERE {condition}"
    ).fetchall()
    return ", ".join(sorted(literal(name) for (name,) in found)) or _files(kept[:1])


def superseded(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """For each export in `versions`, the number of lines that a newer export has replaced."""
    found = connection.execute(
        """SELECT export, count(*) FROM versions JOIN (SELECT order_key AS k, max(rank) AS r FROM versions GROUP BY 1)
        ON k = order_key WHERE rank < r AND left_out IS NULL GROUP BY ALL"""
    ).fetchall()
    return {str(name): int(count) for name, count in found}


def write_days(
    connection: duckdb.DuckDBPyConnection, folder: Path, terms: Terms, *, source_record: bool
) -> Iterator[tuple[date, Path]]:
    """Writes the file of each day in `daily`; optional columns only if a line needs them."""
    own = f"Currency <> {literal(terms.currency)}" if terms.currency else "false"
    days = connection.execute(
        f"""SELECT file_day, coalesce(bool_or(LineAmount IS NOT NULL), false), coalesce(bool_or({own}), false)
        FROM daily GROUP BY ALL ORDER BY ALL"""
    ).fetchall()

    def write(listed: tuple[date, bool, bool]) -> tuple[date, Path]:
        day, has_amounts, has_currencies = listed
        wanted = {"LineAmount": has_amounts, "Currency": has_currencies, "SourceRecord": source_record}
        columns = ", ".join([*map(quoted, COLUMNS), *(name for name, needed in wanted.items() if needed)])
        path = folder / name_of(day)
        with connection.cursor() as own_cursor:
            own_cursor.execute(
                f"""COPY (
                    SELECT {columns} FROM daily WHERE file_day = DATE '{day}'
                    ORDER BY order_key NULLS LAST, refund_rank, CASE WHEN order_key IS NOT NULL THEN record END, seq,
                        {columns}
                ) TO {literal(str(path))} (FORMAT csv, HEADER true, DELIMITER ',', QUOTE '"')"""
            )
        return day, path

    with _a_day_each(connection) as threads, ThreadPoolExecutor(threads) as pool:
        yield from pool.map(write, days)


@contextmanager
def _a_day_each(connection: duckdb.DuckDBPyConnection) -> Iterator[int]:
    """The number of days to write in parallel, one thread each: a day is too small to split."""
    (threads,) = connection.execute("SELECT current_setting('threads')").fetchone() or (1,)
    connection.execute("SET threads = 1")
    try:
        yield int(threads)
    finally:
        connection.execute(f"SET threads = {threads}")


def _rank(connection: duckdb.DuckDBPyConnection, kept: Sequence[Kept]) -> None:
    """Makes the table `exports`; the oldest has rank 1."""
    rows = ", ".join(
        f"({literal(str(one.path))}, {rank}, {literal(one.manifest.name)}, DATE '{one.manifest.day}')"
        for rank, one in enumerate(sorted(kept, key=lambda one: one.manifest.age), 1)
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE exports AS SELECT * FROM (VALUES {rows}) AS listed(file, rank, name, day)"
    )


def _files(kept: Collection[Kept]) -> str:
    return ", ".join(literal(str(one.path)) for one in kept)
