"""The ledger: which version of which file each day holds."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import duckdb

from rfm_assets.bronze.landed_files import LandedFiles
from rfm_assets.contracts.bronze import LANDED_FILES, TRANSACTIONS
from rfm_assets.warehouse.connection import Warehouse
from rfm_assets.warehouse.query import Query, literal
from rfm_assets.warehouse.slices import Slice

Entry = tuple[date, str, int, str, int, int, datetime, datetime]


def entries(warehouse: Warehouse, first: date, last: date) -> Sequence[Entry]:
    """What the ledger holds for the days from `first` to `last`, in the order of its columns; nothing if it is new."""
    if not warehouse.exists:
        return []
    days = Slice(LANDED_FILES, first, last)
    try:
        with warehouse.connect(read_only=True) as connection:
            return connection.execute(f"{days.select().text} ORDER BY 1, 2").fetchall()
    except duckdb.CatalogException:
        return []


def after_loading(files: LandedFiles, before: Iterable[Entry]) -> Query:
    """The ledger's rows for days whose files have just been loaded, from what bronze really holds of each.

    `before` is what the ledger held for these days: a file keeps its first sight, a refused day all of its entries.
    """
    kept = {(entry[0], entry[1]): entry for entry in before}
    lines = [
        _values(entry[:4], *entry[4:6], entry[6], entry[7]) for entry in kept.values() if entry[0] in files.refused
    ]
    for file in files.files:
        landed = file.landed
        known = kept.get((landed.day, landed.key))
        identity = (landed.day, landed.key, landed.size_bytes, landed.version)
        lines.append(_values(identity, "NULL", "NULL", known[6] if known else files.read_at, files.read_at))
    if not lines:
        return Query(f"SELECT * FROM {LANDED_FILES.address} WHERE false")
    columns = ", ".join(LANDED_FILES.types)
    days = {file.landed.day for file in files.files} or set(files.refused)
    stored = Slice(TRANSACTIONS, min(days), max(days))
    return Query(f"""
        SELECT file.* REPLACE (
            coalesce(file.rows, stored.rows, 0) AS rows,
            coalesce(file.malformed_rows, stored.malformed_rows, 0) AS malformed_rows
        )
        FROM (VALUES {", ".join(lines)}) AS file({columns})
        LEFT JOIN (
            SELECT processing_date, source_file, count(*) AS rows, count(_rescued_data) AS malformed_rows
            FROM {TRANSACTIONS.address} WHERE {stored.where} GROUP BY processing_date, source_file
        ) AS stored USING (processing_date, source_file)""")


def _values(
    identity: tuple[date, str, int, str], rows: object, malformed: object, first_seen: datetime, loaded_at: datetime
) -> str:
    day, key, size, version = identity
    times = f"TIMESTAMP '{first_seen}', TIMESTAMP '{loaded_at}'"
    return f"(DATE '{day}', {literal(key)}, CAST({size} AS BIGINT), {literal(version)}, {rows}, {malformed}, {times})"
