"""Files that were refused or removed. No run reads a refused file again in vain.

A removed file tells a day emptied on purpose from a day lost with its warehouse.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from rfm_assets.bronze.landed_files import LandedFiles
from rfm_assets.contracts.bronze import TRANSACTIONS, UNLOADED_FILES
from rfm_assets.literals import literal
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.engine import Engine
from rfm_assets.warehouse.protocols import Connection
from rfm_assets.warehouse.query import Query
from rfm_assets.warehouse.stored import rows_if_stored, stored_among

REFUSED, REMOVED = "refused", "removed"
_LEFT_THE_ZONE = "it is not in the landing zone any more"

Key = tuple[date, str]
"""A day, and the path of one of its files."""


class Unloaded(NamedTuple):
    """A row of `bronze.unloaded_files`."""

    day: date
    key: str
    version: str | None
    outcome: str
    reason: str
    encoding: str
    noted_at: datetime


def noted_files(warehouse: Engine, first: date, last: date) -> Sequence[Unloaded]:
    """The rows of the days from `first` to `last`; none in a warehouse of an older version."""
    select = Days(UNLOADED_FILES, first, last).select().text
    return [Unloaded(*row) for row in rows_if_stored(warehouse, UNLOADED_FILES, f"{select} ORDER BY 1, 2")]


def refused_files(warehouse: Engine, first: date, last: date, *, encoding: str) -> frozenset[tuple[date, str, str]]:
    """Day, path and version of the files refused under this RFM_ENCODING, which would be refused again."""
    return frozenset(
        (note.day, note.key, str(note.version))
        for note in noted_files(warehouse, first, last)
        if note.outcome == REFUSED and note.encoding == encoding
    )


def emptied_days(connection: Connection) -> frozenset[date]:
    """The days that a file was removed from."""
    if not stored_among(connection, [UNLOADED_FILES.address]):
        return frozenset()
    select = f"SELECT DISTINCT processing_date FROM {UNLOADED_FILES.address} WHERE outcome = {literal(REMOVED)}"
    return frozenset(day for (day,) in connection.execute(select).fetchall())


def keys_in_bronze(warehouse: Engine, days: Collection[date]) -> frozenset[Key]:
    """Day and key of the files whose lines bronze holds for these days, whatever the ledger says."""
    if not days:
        return frozenset()
    listed = ", ".join(f"DATE '{day}'" for day in sorted(days))
    select = f"""SELECT DISTINCT processing_date, source_file FROM {TRANSACTIONS.address}
        WHERE processing_date IN ({listed})"""
    return frozenset((day, key) for day, key in rows_if_stored(warehouse, TRANSACTIONS, select))


def noted_key(key: str) -> str:
    """A path as stored: bytes that are not UTF-8 are escaped."""
    return key.encode(errors="backslashreplace").decode()


def after_loading(
    files: LandedFiles, before: Iterable[Unloaded], held: Mapping[Key, str | None], *, encoding: str
) -> Query:
    """The rows for the days of a run.

    `before` are their earlier rows; `held` are the files whose lines the days had, each with its version if known.
    """
    landed = {(file.day, noted_key(file.key)) for file in files.landed}
    removed = [
        Unloaded(day, key, version, REMOVED, _LEFT_THE_ZONE, encoding, files.read_at)
        for (day, key), version in held.items()
        if day not in files.refused
    ]
    earlier = [note for note in before if note.outcome == REMOVED]
    rows = {(note.day, note.key): note for note in (*removed, *earlier) if (note.day, note.key) not in landed}
    rows |= {(note.day, note.key): note for note in _refused(files, encoding)}
    if not rows:
        return Query(f"SELECT * FROM {UNLOADED_FILES.address} WHERE false")
    columns = ", ".join(UNLOADED_FILES.types)
    return Query(f"SELECT {columns} FROM (VALUES {', '.join(map(_values, rows.values()))}) AS noted({columns})")


def _refused(files: LandedFiles, encoding: str) -> list[Unloaded]:
    """The rows of the files that could not be read."""
    return [
        Unloaded(
            file.landed.day,
            noted_key(file.landed.key),
            file.landed.version,
            REFUSED,
            noted_key(file.reason),
            encoding,
            files.read_at,
        )
        for file in files.unread
        if file.is_refused
    ]


def _values(note: Unloaded) -> str:
    version = "CAST(NULL AS VARCHAR)" if note.version is None else literal(note.version)
    texts = ", ".join(literal(text) for text in (note.outcome, note.reason, note.encoding))
    return f"(DATE '{note.day}', {literal(note.key)}, {version}, {texts}, TIMESTAMP '{note.noted_at}')"
