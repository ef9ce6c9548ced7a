"""Loads landed files into bronze on DuckDB: read as whole lines, split by one statement, and counted."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import duckdb

from rfm_assets.batches import batches
from rfm_assets.bronze.repair import IS_TEXT, TEXT, lines_of, repair
from rfm_assets.bronze.split_lines import split_lines
from rfm_assets.contracts.bronze import TRANSACTIONS
from rfm_assets.errors import RefusedFileError
from rfm_assets.literals import literal
from rfm_assets.privacy.tombstones import clear_counts, without_erased
from rfm_assets.scratch import ScratchFolder
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.query import Query

if TYPE_CHECKING:
    from rfm_assets.bronze.landed_files import FetchedFile

_DUCKDB_LONGEST_LINE = 2_000_000
_COPIED_AT_ONCE = 256 << 20
"""Bytes of files, uncompressed: more would take more disk, less would leave cores idle."""


class _Source(NamedTuple):
    """A landed file as DuckDB reads it."""

    path: Path
    file: "FetchedFile"
    header: tuple[str, ...]
    longest_line: int
    """In bytes, an upper bound; 0 if DuckDB's default suffices."""


def load_files(
    connection: duckdb.DuckDBPyConnection, days: Days, files: "Sequence[FetchedFile]", read_at: datetime
) -> None:
    """Adds every line of every file to the cleared days of bronze.transactions, inside the caller's transaction.

    Raises:
        RefusedFileError: when DuckDB made more or fewer rows of a file than it has lines.
    """
    clear_counts(connection, days)
    for some in batches(files, size=_copied_bytes, most=_COPIED_AT_ONCE):
        with ScratchFolder("repair") as scratch:
            sources = [_under_plain_name(file, scratch / str(n)) for n, file in enumerate(some)]
            _insert(connection, sources, read_at)
    counted = connection.execute(
        f"SELECT source_file, count(*) FROM {days.table.address} WHERE {days.where} GROUP BY 1"
    )
    for file, found, lines in miscounted(dict(counted.fetchall()), files):
        message = f"{file.landed.key}: {lines} lines were read but {found} could be stored; please report this file"
        raise RefusedFileError(message)


def miscounted(
    counted: Mapping[str, int], files: "Collection[FetchedFile]"
) -> "Iterator[tuple[FetchedFile, int, int]]":
    """The files whose number of rows differs from their number of lines, with both numbers."""
    for file in files:
        found = counted.get(file.landed.key, 0)
        if found != file.inspection.lines:
            lines = sum(1 for _ in lines_of(file.path))  # without blank ones
            if found != lines:
                yield file, found, lines


def _copied_bytes(file: "FetchedFile") -> int:
    return 0 if file.inspection.is_readable else file.inspection.size


def _under_plain_name(file: "FetchedFile", path: Path) -> _Source:
    """The file, or a repaired copy of it, under a name that DuckDB does not read as a glob pattern."""
    longest = file.inspection.longest_line
    if file.inspection.is_readable:
        path = path.with_suffix(".csv.gz" if file.path.suffix.lower() == ".gz" else ".csv")
        path.symlink_to(file.path)
    else:
        path = path.with_suffix(".csv")
        longest = repair(file.path, path)
    return _Source(path, file, file.inspection.header, longest if longest > _DUCKDB_LONGEST_LINE else 0)


def _insert(connection: duckdb.DuckDBPyConnection, sources: Sequence[_Source], read_at: datetime) -> None:
    """Adds the lines of files to bronze.transactions, with one statement per distinct header."""
    alike = attrgetter("header", "longest_line")
    for (header, longest_line), group in groupby(sorted(sources, key=alike), key=alike):
        lines = Query(_select_lines(list(group), longest_line))
        rows = without_erased(connection, split_lines(lines, header, read_at).sql())
        connection.execute(f"INSERT INTO {TRANSACTIONS.address} BY NAME {rows}")


def _select_lines(sources: Sequence[_Source], longest_line: int) -> str:
    """The SELECT of `landed_line`, see landed_lines.sql."""
    rows = ", ".join(
        f"({literal(str(path))}, {literal(file.landed.key)}, DATE '{file.landed.day}')" for path, file, *_ in sources
    )
    return f"""
        SELECT {TEXT} AS text, {IS_TEXT} AS is_text, source_file, processing_date
        FROM {_read_lines([path for path, *_ in sources], longest_line)} AS read
        JOIN (VALUES {rows}) AS landed(path, source_file, processing_date) ON landed.path = read.filename"""


def _read_lines(paths: Sequence[Path], longest_line: int = 0) -> str:
    """A `read_csv` call that returns the lines after each file's header, each as a single field."""
    files = ", ".join(literal(str(path)) for path in paths)
    wide = f", max_line_size = {longest_line + 2}, buffer_size = {2 * longest_line + 4}" if longest_line else ""
    return f"""read_csv(
            [{files}], columns = {{'line': 'VARCHAR'}}, auto_detect = false, header = false, skip = 1,
            delim = chr(10), quote = '', escape = '', filename = true, hive_partitioning = false{wide})"""
