"""How landed files become rows of bronze in DuckDB: every line once, whatever a file holds.

DuckDB reads files as they are. The few lines that it would skip, or run together with others, are taken out first and
read by the rules of `fields`. The rows of each file are then counted against its lines; a file of which DuckDB skipped
or joined a line after all, or took another for it, is taken back and read line by line.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Self

import duckdb

from rfm_assets.batches import batches
from rfm_assets.bronze.repair import REPAIRED_COLUMNS, SetApart, repair, set_apart, take_out
from rfm_assets.contracts.bronze import SOURCE_COLUMNS, TRANSACTIONS
from rfm_assets.errors import RefusedFileError
from rfm_assets.scratch import ScratchFolder
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.query import literal

if TYPE_CHECKING:
    from rfm_assets.bronze.landed_files import FetchedFile

_DUCKDB_LONGEST_LINE = 2_000_000
_COPIED_AT_ONCE = 256 << 20
"""Bytes of files, unpacked: more would take more disk, less would leave cores idle."""


@dataclass(frozen=True)
class _Part:
    """Lines of a landed file, as landed or copied, with the columns that they have."""

    path: Path
    file: "FetchedFile"
    columns: tuple[str, ...]

    @classmethod
    def under_header(cls, path: Path, file: "FetchedFile") -> Self:
        """Lines as delivered. A column that nobody needs may have any name, or none; here it goes by its position."""
        header = enumerate(file.inspection.header)
        return cls(path, file, tuple(name if name in SOURCE_COLUMNS else f"surplus_{n}" for n, name in header))


def load_files(
    connection: duckdb.DuckDBPyConnection, days: Days, files: "Sequence[FetchedFile]", read_at: datetime
) -> None:
    """Adds every line of every file to the cleared days of bronze.transactions, inside the caller's transaction.

    Raises:
        RefusedFileError: when a file cannot be read either way.
    """
    expected = {file.landed.key: file.inspection.lines for file in files}
    plain = [file for file in files if file.inspection.is_plain]
    clean = [file for file in plain if not file.inspection.doubtful]
    _insert(connection, [_Part.under_header(file.path, file) for file in clean], read_at)
    doubtful = [file for file in plain if file.inspection.doubtful]
    expected |= _load_apart(connection, doubtful, _doubtful_lines_apart, read_at)
    counted = _rows_of_files(connection, days)
    misread = [file for file in files if counted.get(file.landed.key, 0) != expected[file.landed.key]]
    if misread:
        _take_back(connection, days, [file.landed.key for file in misread if file.landed.key in counted])
        expected |= _load_apart(connection, misread, _all_but_sound_lines_apart, read_at)
        _must_hold(_rows_of_files(connection, days), expected)


def _doubtful_lines_apart(file: "FetchedFile", folder: Path) -> SetApart:
    return take_out(file.path, folder, file.inspection)


def _all_but_sound_lines_apart(file: "FetchedFile", folder: Path) -> SetApart:
    return set_apart(file.path, folder, columns=len(file.inspection.header))


def _load_apart(
    connection: duckdb.DuckDBPyConnection,
    files: "Sequence[FetchedFile]",
    set_lines_apart: "Callable[[FetchedFile, Path], SetApart]",
    read_at: datetime,
) -> Mapping[str, int]:
    """Loads some lines of each file as they are and those set apart one by one; returns how many each file has."""
    lines = {}
    for some in batches(files, size=lambda file: file.inspection.size, most=_COPIED_AT_ONCE):
        with ScratchFolder("repair") as scratch:
            sound, repaired, longest = [], [], 0
            for n, file in enumerate(some):
                folder = scratch / str(n)
                folder.mkdir()
                apart = set_lines_apart(file, folder)
                mended = repair(apart.doubtful, folder / "repaired.csv", header=file.inspection.header)
                sound.append(_Part.under_header(apart.sound, file))
                repaired.append(_Part(mended.path, file, REPAIRED_COLUMNS))
                longest = max(longest, mended.longest_line)
                lines[file.landed.key] = apart.sound_lines + mended.lines
            _insert(connection, sound, read_at)
            _insert(connection, repaired, read_at, longest_line=longest)
    return lines


def _insert(
    connection: duckdb.DuckDBPyConnection, parts: Sequence[_Part], read_at: datetime, *, longest_line: int = 0
) -> None:
    """Adds the lines of files to bronze.transactions, a statement for all that have the same columns."""
    names = ", ".join(f'"{source}" AS {name}' for source, name in SOURCE_COLUMNS.items())
    columns_of = attrgetter("columns")
    for columns, group in groupby(sorted(parts, key=columns_of), key=columns_of):
        connection.execute(
            f"""INSERT INTO {TRANSACTIONS.address} BY NAME
            SELECT {names}, _rescued_data, source_file, TIMESTAMP '{read_at}' AS ingestion_timestamp, processing_date
            FROM ({_select_lines(list(group), columns, longest_line)})"""
        )


def _select_lines(parts: Sequence[_Part], columns: Sequence[str], longest_line: int) -> str:
    """A SELECT of the well-formed lines of files that have the same columns, as DuckDB splits them."""
    rescued = "" if "_rescued_data" in columns else ", NULL AS _rescued_data"
    widest = 3 * longest_line + 1_000  # a quote is written twice, other bytes as three at most
    wide = f", max_line_size = {widest}, buffer_size = {2 * widest}" if widest > _DUCKDB_LONGEST_LINE else ""
    source = _read_csv([part.path for part in parts], columns, wide)
    rows = ", ".join(
        f"({literal(str(part.path))}, {literal(part.file.landed.key)}, DATE '{part.file.landed.day}')" for part in parts
    )
    return f"""
        SELECT *{rescued}
        FROM {source} AS line
        JOIN (VALUES {rows}) AS landed(path, source_file, processing_date) ON landed.path = line.filename"""


def _read_csv(paths: Iterable[Path], columns: Sequence[str], options: str = "") -> str:
    types = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in columns)
    files = ", ".join(literal(str(path)) for path in paths)
    return f"""read_csv([{files}], columns = {{{types}}}, header = true, auto_detect = false, delim = ',', quote = '"',
            escape = '"', strict_mode = true, ignore_errors = true, filename = true,
            hive_partitioning = false{options})"""


def _rows_of_files(connection: duckdb.DuckDBPyConnection, days: Days) -> dict[str, int]:
    counts = connection.execute(f"SELECT source_file, count(*) FROM {days.table.address} WHERE {days.where} GROUP BY 1")
    return dict(counts.fetchall())


def _take_back(connection: duckdb.DuckDBPyConnection, days: Days, keys: Sequence[str]) -> None:
    if keys:
        listed = ", ".join(literal(key) for key in keys)
        connection.execute(f"DELETE FROM {days.table.address} WHERE {days.where} AND source_file IN ({listed})")


def _must_hold(counted: Mapping[str, int], expected: Mapping[str, int]) -> None:
    for key, lines in expected.items():
        if counted.get(key, 0) != lines:
            message = (
                f"{key}: {lines} lines were read but {counted.get(key, 0)} could be stored; please report this file"
            )
            raise RefusedFileError(message)
