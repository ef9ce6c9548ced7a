"""The ledger: which version of which file each day holds."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from rfm_assets.bronze.landed_files import LandedFiles
from rfm_assets.contracts.bronze import LANDED_FILES, TRANSACTIONS
from rfm_assets.errors import MissingTableError
from rfm_assets.warehouse.engine import Engine
from rfm_assets.warehouse.query import Query, literal
from rfm_assets.warehouse.slices import Slice, tables_must_exist


class Entry(NamedTuple):
    """A row of the ledger; the counts of a file that has just been loaded are not known yet."""

    day: date
    key: str
    size_bytes: int
    version: str
    rows: int | None
    malformed_rows: int | None
    first_seen: datetime
    loaded_at: datetime


def entries(warehouse: Engine, first: date, last: date) -> Sequence[Entry]:
    """What the ledger holds for the days from `first` to `last`, in the order of its columns; nothing if it is new."""
    days = Slice(LANDED_FILES, first, last)
    try:
        with warehouse.connect(read_only=True) as connection, tables_must_exist(LANDED_FILES):
            return [Entry(*row) for row in connection.execute(f"{days.select().text} ORDER BY 1, 2").fetchall()]
    except MissingTableError:
        return []


def after_loading(files: LandedFiles, before: Iterable[Entry]) -> Query:
    """The ledger's rows for days whose files have just been loaded, from what bronze really holds of each.

    `before` is what the ledger held for these days: a file keeps its first sight, a refused day all of its entries.
    """
    before = list(before)
    first_seen = {(entry.day, entry.key): entry.first_seen for entry in before}
    rows = [entry for entry in before if entry.day in files.refused]
    for landed in (file.landed for file in files.files):
        seen = first_seen.get((landed.day, landed.key), files.read_at)
        rows.append(Entry(landed.day, landed.key, landed.size_bytes, landed.version, None, None, seen, files.read_at))
    if not rows:
        return Query(f"SELECT * FROM {LANDED_FILES.address} WHERE false")
    columns = ", ".join(LANDED_FILES.types)
    counted = {"rows", "malformed_rows"}
    given = ", ".join(f"file.{name}" for name in LANDED_FILES.types if name not in counted)
    days = [entry.day for entry in rows]
    stored = Slice(TRANSACTIONS, min(days), max(days))
    return Query(f"""
        SELECT {given},
            coalesce(file.rows, stored.rows, 0) AS rows,
            coalesce(file.malformed_rows, stored.malformed_rows, 0) AS malformed_rows
        FROM (VALUES {", ".join(map(_values, rows))}) AS file({columns})
        LEFT JOIN (
            SELECT processing_date, source_file, count(*) AS rows, count(_rescued_data) AS malformed_rows
            FROM {TRANSACTIONS.address} WHERE {stored.where} GROUP BY processing_date, source_file
        ) AS stored USING (processing_date, source_file)""")


def _values(entry: Entry) -> str:
    counts = ", ".join("NULL" if count is None else str(count) for count in (entry.rows, entry.malformed_rows))
    times = f"TIMESTAMP '{entry.first_seen}', TIMESTAMP '{entry.loaded_at}'"
    identity = f"DATE '{entry.day}', {literal(entry.key)}, CAST({entry.size_bytes} AS BIGINT), {literal(entry.version)}"
    return f"({identity}, {counts}, {times})"
