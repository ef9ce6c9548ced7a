"""The ledger: which version of which file each day holds."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from rfm_assets.bronze.duplicates import Content
from rfm_assets.bronze.landed_files import FetchedFile, LandedFiles
from rfm_assets.contracts.bronze import LANDED_FILES, TRANSACTIONS
from rfm_assets.errors import MissingTableError
from rfm_assets.literals import literal
from rfm_assets.warehouse.conformance import tables_must_exist
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.engine import Engine
from rfm_assets.warehouse.query import Query


class Entry(NamedTuple):
    """A row of the ledger; the counts of a file just loaded are not known yet."""

    day: date
    key: str
    size_bytes: int
    version: str
    rows: int | None
    malformed_rows: int | None
    first_seen: datetime
    loaded_at: datetime
    content_digest: str | None
    duplicate_of: str | None

    @property
    def content(self) -> Content:
        """Its day, key and digest, for finding copies; the version where the ledger has no digest."""
        return Content(self.day, self.key, self.content_digest or self.version)


def entries(warehouse: Engine, first: date, last: date) -> Sequence[Entry]:
    """The ledger's rows for the days from `first` to `last`; none if the ledger is new."""
    days = Days(LANDED_FILES, first, last)
    try:
        with warehouse.connect(read_only=True) as connection, tables_must_exist(LANDED_FILES):
            # An older ledger may still lack columns: the sensor reads it before the first run upgrades it.
            described = connection.execute(f"SELECT * FROM {LANDED_FILES.address} WHERE false").description
            select = days.select_stored([str(column[0]) for column in described])
            return [Entry(*row) for row in connection.execute(f"{select.text} ORDER BY 1, 2").fetchall()]
    except MissingTableError:
        return []


def after_loading(files: LandedFiles, before: Iterable[Entry]) -> Query:
    """The ledger's rows for days just loaded, with the counts of what bronze really holds of each file.

    `before` are the ledger's earlier rows: a file keeps the time it was first seen, a refused day all of its entries.
    """
    before = list(before)
    first_seen = {entry.key: entry.first_seen for entry in before}
    rows = [entry for entry in before if entry.day in files.refused]
    for file, original in [*((file, None) for file in files.files), *files.duplicates]:
        rows.append(_entry(file, original, first_seen.get(file.landed.key, files.read_at), files.read_at))
    if not rows:
        return Query(f"SELECT * FROM {LANDED_FILES.address} WHERE false")
    columns = ", ".join(LANDED_FILES.types)
    counted = {"rows", "malformed_rows"}
    given = ", ".join(f"file.{name}" for name in LANDED_FILES.types if name not in counted)
    days = [entry.day for entry in rows]
    stored = Days(TRANSACTIONS, min(days), max(days))
    return Query(f"""
        SELECT {given},
            coalesce(file.rows, stored.rows, 0) AS rows,
            coalesce(file.malformed_rows, stored.malformed_rows, 0) AS malformed_rows
        FROM (VALUES {", ".join(map(_values, rows))}) AS file({columns})
        LEFT JOIN (
            SELECT processing_date, source_file, count(*) AS rows, count(_rescued_data) AS malformed_rows
            FROM {TRANSACTIONS.address} WHERE {stored.where} GROUP BY processing_date, source_file
        ) AS stored USING (processing_date, source_file)""")


def _entry(file: FetchedFile, original: str | None, first_seen: datetime, loaded_at: datetime) -> Entry:
    """The entry of a file just loaded, or skipped as a copy of another."""
    landed, lines = file.landed, None if original is None else 0
    known = (landed.day, landed.key, landed.size_bytes, landed.version, lines, lines, first_seen, loaded_at)
    return Entry(*known, file.inspection.digest, original)


def _values(entry: Entry) -> str:
    counts = ", ".join("NULL" if count is None else str(count) for count in (entry.rows, entry.malformed_rows))
    times = f"TIMESTAMP '{entry.first_seen}', TIMESTAMP '{entry.loaded_at}'"
    identity = f"DATE '{entry.day}', {literal(entry.key)}, CAST({entry.size_bytes} AS BIGINT), {literal(entry.version)}"
    texts = ", ".join(
        "CAST(NULL AS VARCHAR)" if text is None else literal(text)
        for text in (entry.content_digest, entry.duplicate_of)
    )
    return f"({identity}, {counts}, {times}, {texts})"
