"""Some days' landed files, looked at and ready to become bronze rows: the value that the bronze asset returns."""

import shutil
import tempfile
import weakref
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from rfm_assets.bronze.inspection import Inspection, inspect
from rfm_assets.bronze.repair import REPAIRED_COLUMNS, repair, set_apart
from rfm_assets.contracts import Table
from rfm_assets.contracts.bronze import SOURCE_COLUMNS
from rfm_assets.errors import LandingError, RefusedFileError
from rfm_assets.landing.zone import LandedFile, LandingZone
from rfm_assets.warehouse.query import literal
from rfm_assets.warehouse.slices import Slice

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.connect.session import SparkSession

_NAMED_AT_ONCE = 20
_GONE = (
    "no file of {day} is in {zone} any more: deliver it again, check RFM_LANDING, or delete the day from "
    "bronze.landed_files to have it emptied"
)
_FETCHED_AT_ONCE = 10  # more wait for a connection of the S3 client
_DUCKDB_LONGEST_LINE = 2_000_000


@dataclass(frozen=True)
class FetchedFile:
    """A landed file on this machine's disk, with what a first look told, and how to know that it is still so."""

    landed: LandedFile
    path: Path
    inspection: Inspection
    stamp: tuple[int, int]
    location: str
    """Where a cluster reads it."""


@dataclass(frozen=True)
class LandedFiles:
    """The files of some days, without the days of which a file is refused.

    Copies of remote files are kept as long as the value.
    """

    files: Sequence[FetchedFile]
    read_at: datetime
    refused: Mapping[date, Sequence[str]]
    """Why, for each day that keeps what is stored for it."""

    @property
    def content_version(self) -> str:
        """A digest of the files of the run: it changes when one of them is added, removed, renamed or changed."""
        return sha256(repr([(f.landed.key, f.inspection.digest) for f in self.files]).encode()).hexdigest()

    def load(self, connection: duckdb.DuckDBPyConnection, days: Slice) -> None:
        """Adds every line of every file to the cleared days of a table, inside the caller's transaction.

        DuckDB reads each file on its own and its rows are counted against the file's lines; a file of which it skipped
        or joined any line, or took another for it, is taken back and read line by line.

        Raises:
            RefusedFileError: when a file cannot be read either way, or has changed since it was inspected.
        """
        try:
            self._load(connection, days)
        finally:
            self._refuse_changed()  # also where the change is why reading failed

    def frame(self, session: "SparkSession") -> "DataFrame":
        """Every line of every file, as rows of the table, where a cluster reads them."""
        from rfm_assets.bronze.cluster import read_lines

        return read_lines(session, self.files, self.read_at)

    def confirm(self, made: "DataFrame") -> None:
        """Looks at the rows that the cluster made, before they replace anything.

        Raises:
            RefusedFileError: when they are not all lines, or a file has changed since it was inspected.
        """
        from rfm_assets.bronze.cluster import confirm_lines

        self._refuse_changed()
        confirm_lines(made, self.files)

    def _load(self, connection: duckdb.DuckDBPyConnection, days: Slice) -> None:
        plain = [file for file in self.files if file.inspection.is_plain]
        for header, group in groupby(sorted(plain, key=_header), key=_header):
            _insert(connection, days.table, _lines_of(list(group), header), self.read_at)
        counted = _rows_of_files(connection, days)
        misread = [file for file in self.files if counted.get(file.landed.key) != file.inspection.lines]
        _take_back(connection, days, [file.landed.key for file in misread if file.landed.key in counted])
        for file in misread:
            with tempfile.TemporaryDirectory(prefix="rfm-repair-") as folder:
                _load_repaired(connection, days, file, Path(folder), self.read_at)

    def _refuse_changed(self) -> None:
        changed = [file.landed.key for file in self.files if _stamp(file.path) != file.stamp]
        if changed:
            message = (
                f"{', '.join(changed[:_NAMED_AT_ONCE])} changed or vanished while being read, nothing was stored: "
                "materialize again once it is delivered as a whole"
            )
            raise RefusedFileError(message)


def fetch_days(zone: LandingZone, first: date, last: date, *, held: Collection[date] = ()) -> LandedFiles:
    """Fetches and inspects the files of the days from `first` to `last`; a day without a file has none.

    A day with a file that cannot become bronze rows is left out as a whole, and keeps what is stored for it. So does a
    day of `held`, those that files have been loaded for, when none of its files is there any more.

    Raises:
        RefusedFileError: when that leaves no day with a file; names every such file, so that all can be mended at once.
        LandingError: when the zone cannot be listed.
    """
    landed = zone.files_of(first, last)
    scratch = Path(tempfile.mkdtemp(prefix="rfm-landing-"))
    try:
        files = _fetch_all(zone, landed, scratch, held)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    weakref.finalize(files, shutil.rmtree, scratch, ignore_errors=True)
    return files


def _fetch_all(zone: LandingZone, landed: Sequence[LandedFile], scratch: Path, held: Collection[date]) -> LandedFiles:
    read_at = datetime.now(UTC).replace(tzinfo=None)
    with ThreadPoolExecutor(max_workers=_FETCHED_AT_ONCE) as pool:
        outcomes = list(zip(landed, pool.map(lambda file: _fetch(zone, file, scratch), landed), strict=True))
    gone = set(held) - {file.day for file in landed}
    refused = {day: [_GONE.format(day=day, zone=zone.address)] for day in gone}
    for file, outcome in outcomes:
        if isinstance(outcome, str):
            refused.setdefault(file.day, []).append(outcome)
    if refused and refused.keys() >= {file.day for file in landed}:
        raise RefusedFileError(f"nothing was stored: {refusals(refused)}")
    files = [found for file, found in outcomes if isinstance(found, FetchedFile) and file.day not in refused]
    return LandedFiles(files, read_at, refused)


def refusals(refused: Mapping[date, Sequence[str]]) -> str:
    """The refused files with their reasons, a line each, and how many there are."""
    reasons = [reason for day in sorted(refused) for reason in refused[day]]
    whose = (
        "1 file is refused, and its day keeps"
        if len(reasons) == 1
        else f"{len(reasons)} files are refused, and their days keep"
    )
    lines = [f"{whose} what is stored:", *reasons[:_NAMED_AT_ONCE]]
    if len(reasons) > _NAMED_AT_ONCE:
        lines.append(f"... and {len(reasons) - _NAMED_AT_ONCE} more")
    return "\n".join(lines)


def _fetch(zone: LandingZone, file: LandedFile, scratch: Path) -> FetchedFile | str:
    """The file, or why it is refused."""
    name = f"{zone.address}/{file.key}"
    try:
        name.encode()
        path = zone.fetch(file, scratch).absolute()
        stamp = _stamp(path)  # before the first byte is read
        return FetchedFile(file, path, inspect(path, name=name), stamp, zone.location_of(file))
    except UnicodeEncodeError:
        return f"{name!a} has a name that is not UTF-8: rename it"
    except (RefusedFileError, LandingError) as error:
        return str(error)


def _stamp(path: Path) -> tuple[int, int]:
    """When a file was last written and its size, which stay as they are while nobody touches it."""
    try:
        stat = path.stat()
    except OSError:
        return -1, -1
    return stat.st_mtime_ns, stat.st_size


def _header(file: FetchedFile) -> tuple[str, ...]:
    return file.inspection.header


def _lines_of(files: Sequence[FetchedFile], header: Sequence[str]) -> str:
    """A SELECT of the well-formed lines of files that share a header, as DuckDB splits them."""
    # A column that nobody needs may have any name, or none; here it goes by its position.
    names = [column if column in SOURCE_COLUMNS else f"surplus_{n}" for n, column in enumerate(header)]
    source = _read_csv([file.path for file in files], names)
    rows = ", ".join(f"({literal(str(f.path))}, {literal(f.landed.key)}, DATE '{f.landed.day}')" for f in files)
    return f"""
        SELECT *, NULL AS _rescued_data
        FROM {source} AS line
        JOIN (VALUES {rows}) AS landed(path, source_file, processing_date) ON landed.path = line.filename"""


def _load_repaired(
    connection: duckdb.DuckDBPyConnection, days: Slice, file: FetchedFile, folder: Path, read_at: datetime
) -> None:
    """Loads the lines that are beyond doubt as they are, and the others line by line."""
    key, header = file.landed.key, file.inspection.header
    apart = set_apart(file.path, folder, columns=len(header))
    repaired = repair(apart.doubtful, folder / "repaired.csv", header=header)
    longest = 3 * repaired.longest_line + 1_000  # a quote is written twice, other bytes as three at most
    wide = f", max_line_size = {longest}, buffer_size = {2 * longest}" if longest > _DUCKDB_LONGEST_LINE else ""
    source = _read_csv([repaired.path], REPAIRED_COLUMNS, wide)
    lines = f"SELECT *, {literal(key)} AS source_file, DATE '{file.landed.day}' AS processing_date FROM {source}"
    stored = _insert(connection, days.table, _lines_of([replace(file, path=apart.sound)], header), read_at)
    stored += _insert(connection, days.table, lines, read_at)
    read = apart.sound_lines + repaired.lines
    if stored != read:
        message = f"{key}: {read} lines were read but {stored} could be stored; please report this file"
        raise RefusedFileError(message)


def _read_csv(paths: Iterable[Path], columns: Sequence[str], options: str = "") -> str:
    types = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in columns)
    files = ", ".join(literal(str(path)) for path in paths)
    return f"""read_csv([{files}], columns = {{{types}}}, header = true, auto_detect = false, delim = ',', quote = '"',
            escape = '"', strict_mode = true, ignore_errors = true, filename = true,
            hive_partitioning = false{options})"""


def _insert(connection: duckdb.DuckDBPyConnection, table: Table, lines: str, read_at: datetime) -> int:
    """Adds lines to a table, and returns how many."""
    names = ", ".join(f'"{source}" AS {name}' for source, name in SOURCE_COLUMNS.items())
    (count,) = connection.execute(
        f"""INSERT INTO {table.address} BY NAME
        SELECT {names}, _rescued_data, source_file, TIMESTAMP '{read_at}' AS ingestion_timestamp, processing_date
        FROM ({lines})"""
    ).fetchone() or (0,)
    return int(count)


def _rows_of_files(connection: duckdb.DuckDBPyConnection, days: Slice) -> dict[str, int]:
    counts = connection.execute(f"SELECT source_file, count(*) FROM {days.table.address} WHERE {days.where} GROUP BY 1")
    return dict(counts.fetchall())


def _take_back(connection: duckdb.DuckDBPyConnection, days: Slice, keys: Sequence[str]) -> None:
    if keys:
        listed = ", ".join(literal(key) for key in keys)
        connection.execute(f"DELETE FROM {days.table.address} WHERE {days.where} AND source_file IN ({listed})")
