"""The version of each stored day, a digest of its file names, which change with every write, and its row count."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import reduce
from hashlib import md5
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from pyspark.errors import AnalysisException
from pyspark.sql.connect import functions as f

from rfm_assets.contracts import Table

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame
    from pyspark.sql.connect.session import SparkSession


class StoredDay(NamedTuple):
    """A day of a table."""

    address: str
    day: date


class Held(NamedTuple):
    """A day's version and row count; no version if the format does not name its files."""

    version: UUID | None
    rows: int


def versions_of_folders(
    session: "SparkSession", tables: Sequence[Table], known: Mapping[StoredDay, Held]
) -> dict[StoredDay, Held]:
    """Versions if each day is a folder: rows are counted only for days whose version is unknown."""
    versions = {
        StoredDay(table.address, day): UUID(_digest(files))
        for table in tables
        for day, files in files_per_day(session, table).items()
    }
    rows = {day: known[day].rows for day, of in versions.items() if day in known and known[day].version == of}
    rows |= _counted(session, tables, versions.keys() - rows.keys())
    return {day: Held(of, rows[day]) for day, of in versions.items() if day in rows}


def versions_of_rows(session: "SparkSession", tables: Sequence[Table]) -> dict[StoredDay, Held]:
    """Versions in any format; reads all tables."""
    files = f.md5(f.array_join(f.array_sort(f.collect_set("_metadata.file_path")), "\n"))
    try:
        return _per_day(session, tables, files)
    except AnalysisException as error:
        if not str(error.getCondition()).startswith("UNRESOLVED_COLUMN"):
            raise
        return _per_day(session, tables, f.lit(None).cast("string"))


def files_per_day(session: "SparkSession", table: Table) -> dict[date, list[str]]:
    """The files of each day, by the names of their folders."""
    files: dict[date, list[str]] = {}
    for file in session.table(table.address).inputFiles():
        if found := re.search(rf"/{table.day}=(\d{{4}}-\d\d-\d\d)/", file):
            files.setdefault(date.fromisoformat(found[1]), []).append(file)
    return files


def _digest(files: Iterable[str]) -> str:
    return md5("\n".join(sorted(files)).encode(), usedforsecurity=False).hexdigest()


def _counted(session: "SparkSession", tables: Sequence[Table], days: Iterable[StoredDay]) -> dict[StoredDay, int]:
    """Row counts of these days, and of later ones."""
    first: dict[str, date] = {}
    for address, day in days:
        first[address] = min(day, first.get(address, day))
    counts = [
        session.table(table.address)
        .where(f.col(table.day) >= f.lit(first[table.address]))
        .groupBy(f.col(table.day))
        .agg(f.count("*"))
        .select(f.lit(table.address), "*")
        for table in tables
        if table.address in first
    ]
    return {StoredDay(address, day): rows for address, day, rows in _of_all(counts)}


def _per_day(session: "SparkSession", tables: Sequence[Table], version: "Column") -> dict[StoredDay, Held]:
    counts = [
        session.table(table.address)
        .groupBy(f.col(table.day))
        .agg(version, f.count("*"))
        .select(f.lit(table.address), "*")
        for table in tables
    ]
    return {
        StoredDay(address, day): Held(UUID(digest) if digest else None, rows)
        for address, day, digest, rows in _of_all(counts)
    }


def _of_all(counts: Sequence["DataFrame"]) -> Iterable[tuple[Any, ...]]:
    return reduce(lambda above, more: above.union(more), counts).collect() if counts else ()
