"""Loads a table of text into DuckDB: one row per record, all columns text, in file order."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import duckdb

from rfm_assets.delivered import BLANKS
from rfm_assets.errors import ExportError
from rfm_assets.exports.header import Header
from rfm_assets.exports.statements import quoted
from rfm_assets.exports.unpacked import TextTable
from rfm_assets.literals import literal

_LONGEST_CELL = 1 << 20
_MALFORMED = "\0malformed"
TOO_MANY_CELLS = "more cells than headers"


def load_records(
    connection: duckdb.DuckDBPyConnection, table: TextTable, header: Header, columns: Mapping[str, str], target: str
) -> None:
    """Makes the table `target` of a file's records, or adds them to it.

    Its columns are `record`, `table_number` (the table within the export), `malformed`, and those of `columns`,
    which maps a column of `target` to its header; a column that this file lacks stays empty.

    Raises:
        ExportError: when the file cannot be split into records.
    """
    try:
        _must_be_a_line_each(table, header)
        _load(connection, table.path, header, columns, target)
    except duckdb.Error:
        copy = table.path.with_name(f"{table.path.name}.records")
        _repair(table, header, copy)
        _load(connection, copy, Header((_MALFORMED, *header.names), ",", 0), columns, target)
        copy.unlink()


def _must_be_a_line_each(table: TextTable, header: Header) -> None:
    """Raises duckdb.Error when a row above the records spans several lines, which DuckDB's `skip` counts as one."""
    with table.path.open(encoding="utf-8", newline="") as text:
        above = [text.readline() for _ in range(header.lines_above)]
    if sum(1 for _ in csv.reader(above, delimiter=header.delimiter)) != len(above):
        raise duckdb.InvalidInputException("headers on several lines are split in Python")


def _load(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    header: Header,
    columns: Mapping[str, str],
    target: str,
) -> None:
    if header.delimiter == " ":
        raise duckdb.InvalidInputException("runs of blanks are split in Python")
    malformed = "nullif(c0, '')" if header.names[0] == _MALFORMED else "NULL::VARCHAR"
    types = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(header.names)))
    places = {name: place for place, name in reversed(list(enumerate(header.names)))}
    chosen = ", ".join(
        f"{_cleaned(f'c{places[name]}') if name in places else 'NULL::VARCHAR'} AS {quoted(column)}"
        for column, name in columns.items()
    )
    last = _last(connection, target)
    before, number = last or (0, 0)
    head = f"CREATE TABLE {target} AS" if last is None else f"INSERT INTO {target} BY NAME"
    connection.execute(
        f"""{head} SELECT row_number() OVER () + {before} AS record, {number} AS table_number,
            {malformed} AS malformed, {chosen}
        FROM read_csv({literal(str(path))}, auto_detect = false, header = false, skip = {header.lines_above},
            quote = '"', escape = '"', delim = {literal(header.delimiter)}, max_line_size = {4 * _LONGEST_CELL},
            columns = {{{types}}})"""
    )


def _last(connection: duckdb.DuckDBPyConnection, target: str) -> tuple[int, int] | None:
    """The last record of a table and the number of the next file in it; None if the table does not exist yet."""
    if connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", [target]).fetchone() != (1,):
        return None
    last = f"SELECT coalesce(max(record), 0), coalesce(max(table_number) + 1, 0) FROM {target}"
    return connection.execute(last).fetchone()


def _cleaned(column: str) -> str:
    """SQL for a cell on one line, trimmed, NULL if empty: daily files have one line per record."""
    return (
        f"CASE WHEN regexp_matches({column}, '^[!-~]([ -~]*[!-~])?$') THEN {column} "
        f"ELSE nullif(trim(replace(regexp_replace({column}, '[\\r\\n]+', ' ', 'g'), chr(0), ''), "
        f"{literal(BLANKS)}), '') END"
    )


def _repair(table: TextTable, header: Header, target: Path) -> None:
    """Rewrites a malformed file as a well-formed one, with each record's problem in front of it."""
    width = len(header.names)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
        for row in _rows(table, header):
            problem = TOO_MANY_CELLS if any(cell.strip(BLANKS) for cell in row[width:]) else ""
            writer.writerow([problem, *row[:width], *[""] * (width - len(row))])


def _rows(table: TextTable, header: Header) -> Iterator[list[str]]:
    """The non-blank records.

    Raises:
        ExportError: when a quote is never closed, or the file ends in the middle of a record.
    """
    width, number, short = len(header.names), 0, 0
    row: list[str] = []
    raw = [""]
    for row, raw in _split(table, header):  # noqa: B007 - the last ones are looked at below
        if any(cell.strip(BLANKS) for cell in row):
            number += 1
            short += len(row) < width
            yield row
    if _is_open(raw, header.delimiter):
        raise ExportError(f"{table.name}: a quote in record {number:,} is never closed; fix it or export again")
    if short == 1 and len(row) < width and not raw[-1].endswith(("\n", "\r")):
        message = (
            f"{table.name} ends in the middle of record {number:,}, after {len(row)} of {width} cells: the export is "
            "incomplete; copy it again"
        )
        raise ExportError(message)


def _split(table: TextTable, header: Header) -> Iterator[tuple[list[str], list[str]]]:
    """Each record's cells, and the lines that it spans."""
    csv.field_size_limit(_LONGEST_CELL)
    with table.path.open(encoding="utf-8", newline="") as text:
        for _ in range(header.lines_above):
            text.readline()
        if header.delimiter == " ":
            yield from ((line.split(), [line]) for line in text)
            return
        raw: list[str] = []
        reader = csv.reader(_remembered(text, raw), delimiter=header.delimiter)
        number = 0
        try:
            for row in reader:
                number += 1
                yield row, raw.copy()
                raw.clear()
        except csv.Error:
            message = (
                f"{table.name}: record {number + 1:,} has a cell of more than {_LONGEST_CELL:,} characters: a quote "
                "in it is probably never closed; fix it or export again"
            )
            raise ExportError(message) from None


def _remembered(text: Iterable[str], raw: list[str]) -> Iterator[str]:
    for line in text:
        raw.append(line)
        yield line.replace("\0", "")  # never intended in an export


def _is_open(raw: Sequence[str], delimiter: str) -> bool:
    """Whether a record opens a quote that it does not close."""
    if sum(line.count('"') for line in raw) % 2 == 0:
        return False
    try:
        list(csv.reader(raw, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False
