"""Writes the published copy's file: what readers get of the warehouse, as of the end of a run.

It has the version of each day of each of its tables. The next one starts from a copy of it and replaces the days whose
version or number of rows has changed, whatever the reason: a copy that missed a run catches up.
"""

import shutil
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from operator import itemgetter
from pathlib import Path

import duckdb

from rfm_assets.batches import batches
from rfm_assets.contracts.gold import CUSTOMER_SEGMENTS
from rfm_assets.contracts.silver import INVOICES
from rfm_assets.literals import literal
from rfm_assets.privacy.customer_ids import CustomerIds
from rfm_assets.publishing.customer_products import make_customer_products
from rfm_assets.publishing.growth import make_growth
from rfm_assets.publishing.lineage import make_lineage
from rfm_assets.publishing.opted_out import make_opted_out
from rfm_assets.publishing.source import Source
from rfm_assets.publishing.tables import Published, listed, rows_per_day
from rfm_assets.publishing.versions import WRITABLE
from rfm_assets.schema.versions import CURRENT
from rfm_assets.warehouse.table_upgrade import add_columns, lacking_columns, stored_columns

RowsOfDays = Mapping[date, int]

_NEW = "new_copy"  # the attached name of the file being written
_HELD = f"{_NEW}.meta.held_days"
# What DuckDB raises for a missing or damaged previous copy; a mistake in a statement raises none of these.
_DAMAGED = (
    OSError,
    duckdb.IOException,
    duckdb.CatalogException,
    duckdb.SerializationException,
    duckdb.InternalException,
    duckdb.FatalException,
)
_SORTED_AT_ONCE = 2_000_000  # rows; sorting all days of every customer together would go to disk
_FAR_BEHIND = 0.5  # above this share of outdated days, the copy is written from scratch


@dataclass(frozen=True)
class PublishingRun:
    """The publishing run, and how it writes customers' ids."""

    run_id: str
    ids: CustomerIds
    opted_out: Collection[str] = ()
    """Customers who opted out of marketing, by their ids as stored."""


@dataclass(frozen=True)
class Written:
    """What writing a copy took: the days of tables read from the warehouse, and whether that was all of them."""

    days: int
    from_scratch: bool


def write_copy(
    source: Source, tables: Sequence[Published], file: Path, previous: Path | None, *, run: PublishingRun
) -> Written:
    """Writes the file from the tables in stock, starting from the previous copy if that is usable."""
    written = _continued(source, tables, file, previous, run) if previous else None
    return written or _from_scratch(source, tables, file, run)


def _tell(source: Source, tables: Sequence[Published], run: PublishingRun) -> None:
    """Writes the tables that are only in the published copy into the attached file."""
    warehouse, fingerprint = source.connection, run.ids.fingerprint
    warehouse.execute(f"CREATE OR REPLACE TABLE {_HELD} AS SELECT * FROM stock ORDER BY ALL")
    warehouse.execute(
        f"""CREATE OR REPLACE TABLE {_NEW}.meta.published AS
        SELECT TIMESTAMP '{datetime.now(UTC):%Y-%m-%d %H:%M:%S}' AS published_at, {literal(run.run_id)} AS run_id,
            min(day) AS first_day, max(day) AS last_day, {literal(run.ids.kind)} AS customer_ids,
            {CURRENT} AS schema_version,
            CAST({literal(fingerprint) if fingerprint else "NULL"} AS VARCHAR) AS key_fingerprint
        FROM stock WHERE rows > 0"""
    )
    if any(one.table == INVOICES for one in tables):
        warehouse.execute(make_growth(_NEW))
    warehouse.execute(make_lineage(_NEW))
    if any(one.table == CUSTOMER_SEGMENTS for one in tables):
        warehouse.execute(make_opted_out(_NEW, run.opted_out, run.ids))


def _continued(
    source: Source, tables: Sequence[Published], file: Path, previous: Path, run: PublishingRun
) -> Written | None:
    """Updates a copy of the previous published copy, if possible and worthwhile."""
    warehouse = source.connection
    try:
        shutil.copyfile(previous, file)
        with _attached(warehouse, file):
            declared = [one.table for one in tables]
            add_columns(warehouse, lacking_columns(stored_columns(warehouse, _NEW), declared), _NEW)
            stale = _stale_days(warehouse)
            days = sum(map(len, stale.values()))
            (known,) = warehouse.execute("SELECT count(*) FROM stock").fetchone() or (0,)
            if days > _FAR_BEHIND * known or _columns(warehouse) != _declared(tables):
                return None
            for one in tables:
                if of_table := stale.get(one.table.address):
                    warehouse.execute(f"DELETE FROM {_NEW}.{one.table.address} WHERE {one.of_days(of_table)}")
                    _insert(source, one, of_table)
            make_customer_products(source, _NEW, stale.get(INVOICES.address, {}))
            if not _is_complete(warehouse, tables):
                return None
            _tell(source, tables, run)
            return Written(days, from_scratch=False)
    except _DAMAGED:  # the warehouse has everything
        return None


def _from_scratch(source: Source, tables: Sequence[Published], file: Path, run: PublishingRun) -> Written:
    warehouse = source.connection
    file.unlink(missing_ok=True)
    file.with_name(f"{file.name}.wal").unlink(missing_ok=True)
    days = _days_by_table(warehouse.execute("SELECT table_name, day, rows FROM stock").fetchall())
    with _attached(warehouse, file):
        for schema in sorted({"meta", *(one.table.schema for one in tables)}):
            warehouse.execute(f"CREATE SCHEMA {_NEW}.{schema}")
        for one in tables:
            warehouse.execute(one.table.ddl(_NEW))
            _insert(source, one, days.get(one.table.address, {}))
        make_customer_products(source, _NEW, None)
        _tell(source, tables, run)
    return Written(sum(map(len, days.values())), from_scratch=True)


def _insert(source: Source, one: Published, days: RowsOfDays) -> None:
    """Adds the rows of days of a table, in batches sorted one by one."""
    filled = sorted((day, rows) for day, rows in days.items() if rows)
    for batch in batches(filled, size=itemgetter(1), most=_SORTED_AT_ONCE):
        rows = source.rows(one, [day for day, _ in batch])
        source.connection.execute(f"INSERT INTO {_NEW}.{one.table.address} BY NAME {rows}")


@contextmanager
def _attached(warehouse: duckdb.DuckDBPyConnection, file: Path) -> Iterator[None]:
    """Attaches the file to the warehouse; on success, all work is in the file, and no log is left beside it."""
    warehouse.execute(f"ATTACH {literal(str(file))} AS {_NEW}")
    try:
        file.chmod(WRITABLE)
        yield
        warehouse.execute(f"CHECKPOINT {_NEW}")
    finally:
        warehouse.execute(f"DETACH {_NEW}")


def _stale_days(warehouse: duckdb.DuckDBPyConnection) -> Mapping[str, RowsOfDays]:
    """The days of each table that differ between the attached published copy and the warehouse, or are in only one.

    Each with the warehouse's number of rows. A day without a version was not written by the pipeline, as far as is
    known; such a day is always read again.
    """
    found = warehouse.execute(
        f"""SELECT table_name, day, coalesce(stock.rows, 0) FROM stock FULL JOIN {_HELD} AS held USING (table_name, day)
        WHERE stock.version IS NULL OR stock.version IS DISTINCT FROM held.version
            OR stock.rows IS DISTINCT FROM held.rows"""
    )
    return _days_by_table(found.fetchall())


def _days_by_table(found: Iterable[tuple[str, date, int]]) -> Mapping[str, RowsOfDays]:
    days: dict[str, dict[date, int]] = defaultdict(dict)
    for table, day, rows in found:
        days[table][day] = rows
    return days


def _columns(warehouse: duckdb.DuckDBPyConnection) -> set[tuple[str, str, str]]:
    """Table, name and type of the columns of the attached published copy."""
    columns = warehouse.execute(
        f"""SELECT schema_name || '.' || table_name, column_name, data_type FROM duckdb_columns()
        WHERE database_name = {literal(_NEW)} AND schema_name <> 'meta'"""
    )
    return set(columns.fetchall())


def _declared(tables: Sequence[Published]) -> set[tuple[str, str, str]]:
    return {(one.table.address, name, kind) for one in tables for name, kind in one.table.types.items()}


def _is_complete(warehouse: duckdb.DuckDBPyConnection, tables: Sequence[Published]) -> bool:
    """Whether each day of the attached copy has as many rows as the warehouse, except in samples."""
    whole = [one for one in tables if not one.sampled_by]
    differing = warehouse.execute(
        f"""SELECT count(*) FROM (SELECT * FROM stock WHERE rows > 0 AND table_name IN ({listed(whole)})) AS stored
        FULL JOIN ({rows_per_day(whole, f"{_NEW}.")}) AS held USING (table_name, day)
        WHERE stored.rows IS DISTINCT FROM held.rows"""
    )
    return differing.fetchone() == (0,)
