"""Loads an export's files into the table `records`; files that a profile joins are joined."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from rfm_assets.errors import ExportError
from rfm_assets.exports.header import Header, find_header, key_of
from rfm_assets.exports.header_fit import NEEDS, Fit, known_headers
from rfm_assets.exports.profile import Profile
from rfm_assets.exports.records import load_records
from rfm_assets.exports.statements import quoted, texts
from rfm_assets.exports.unpacked import TextTable, unpack

_SHOWN = 6


@dataclass(frozen=True)
class Delivered:
    """An export's tables with their headers, and the profile's fit."""

    fit: Fit
    main: Sequence[tuple[TextTable, Header]]
    joined: Sequence[Sequence[tuple[TextTable, Header]]]
    remarks: Sequence[str]


def look_at(name: str, files: Sequence[Path], profile: Profile, scratch: Path) -> Delivered:
    """Finds the tables of an export that a profile can read, by their headers only.

    Raises:
        ExportError: when there is none; names what is missing.
    """
    tables = _tables(name, files, profile, scratch)
    if not tables:
        raise ExportError(f"{name} is empty: export it again")
    joined = [[one for one in tables if _has(one[1], join.has)] for join in profile.join]
    rest = [one for one in tables if not any(one in found for found in joined)]
    if lacking := [join for join, found in zip(profile.join, joined, strict=True) if not found]:
        headers = "; ".join(", ".join(join.has) for join in lacking)
        raise ExportError(f"{name} lacks a file that {profile.name} joins, with the headers {headers}: put it beside")
    fits = [(one, Fit.of(profile, [*one[1].names, *_names(joined)])) for one in rest]
    main = [one for one, fit in fits if not fit.missing]
    if not main:
        least = min(fits, key=lambda one: len(one[1].missing), default=None)
        raise ExportError(_refusal(name, least[1] if least else Fit.of(profile, [])))
    fit = Fit.of(profile, list(dict.fromkeys([*(h for _, one in main for h in one.names), *_names(joined)])))
    for table, header in main:
        if twice := Fit.of(profile, header.names).twice:
            raise ExportError(f"{table.name} has the header {twice[0]} twice: rename one of them")
    not_read = [table.name for table, _ in rest if not any(table is used for used, _ in main)]
    return Delivered(fit, main, joined, [f"{one} is skipped: it has other headers" for one in not_read])


def _tables(name: str, files: Sequence[Path], profile: Profile, scratch: Path) -> list[tuple[TextTable, Header]]:
    """Every table with a header in the files."""
    known = known_headers(profile) if not profile.file.header else set()
    tables = []
    for path in files:
        called = name if len(files) == 1 else f"{name}/{path.name}"
        for table in unpack(path, called, profile.file.encoding, scratch):
            try:
                tables.append((table, find_header(table, profile.file, known)))
            except ExportError:
                if len(files) == 1 and table.name == called:
                    raise  # an empty table of an archive or a workbook is skipped
    return tables


def load(connection: duckdb.DuckDBPyConnection, delivered: Delivered) -> None:
    """Makes the table `records`, with a column for each used header, by its key.

    Raises:
        ExportError: when a file cannot be split into records.
    """
    fit = delivered.fit
    carried = fit.profile.order.carry_down
    extra = [fit.present[key_of(one)] for one in (carried.by if carried else ()) if key_of(one) in fit.present]
    needed = {key_of(one): one for headers in fit.used.values() for one in headers} | {
        key_of(one): one for one in extra
    }
    for join in fit.profile.join:
        needed[key_of(join.on)] = fit.present[key_of(join.on)]
    for target in ("records", *(f"joined_{place}" for place in range(len(delivered.joined)))):
        connection.execute(f"DROP TABLE IF EXISTS {target}")  # left by an export that could not be read
    _load_all(connection, delivered.main, needed, "records")
    for place, (join, found) in enumerate(zip(fit.profile.join, delivered.joined, strict=True)):
        here = {key for _, header in found for name in header.names if (key := key_of(name)) in needed}
        _load_all(connection, found, {key: needed[key] for key in here}, f"joined_{place}")
        _join(connection, f"joined_{place}", key_of(join.on), here)
    if words := fit.profile.file.missing_values:
        filled = ", ".join(
            f"CASE WHEN {quoted(one)} NOT IN ({texts(words)}) THEN {quoted(one)} END AS {quoted(one)}" for one in needed
        )
        connection.execute(f"CREATE OR REPLACE TABLE records AS SELECT * REPLACE ({filled}) FROM records")


def _load_all(
    connection: duckdb.DuckDBPyConnection,
    tables: Sequence[tuple[TextTable, Header]],
    needed: dict[str, str],
    target: str,
) -> None:
    for table, header in tables:
        own = {key_of(name): name for name in reversed(header.names)}
        load_records(connection, table, header, {key: own.get(key, name) for key, name in needed.items()}, target)


def _join(connection: duckdb.DuckDBPyConnection, joined: str, on: str, here: set[str]) -> None:
    """Fills columns of `records` from a joined table; of several records with one value, the last counts."""
    columns = [quoted(one) for one in sorted(here - {on})]
    last = ", ".join(f"arg_max({one}, record) AS {one}" for one in columns)
    filled = ", ".join(f"coalesce(records.{one}, other.{one}) AS {one}" for one in columns)
    connection.execute(
        f"""CREATE OR REPLACE TABLE records AS SELECT records.* REPLACE ({filled}) FROM records
        LEFT JOIN (SELECT {quoted(on)} AS joined_on, {last} FROM {joined} GROUP BY ALL) AS other
        ON other.joined_on = records.{quoted(on)}"""
    )
    connection.execute(f"DROP TABLE {joined}")


def _has(header: Header, names: Sequence[str]) -> bool:
    return {key_of(one) for one in names} <= {key_of(one) for one in header.names}


def _names(joined: Sequence[Sequence[tuple[TextTable, Header]]]) -> list[str]:
    return [name for found in joined for _, header in found for name in header.names]


def _refusal(name: str, fit: Fit) -> str:
    """The message about what is missing."""
    said = []
    for role, headers in fit.missing.items():
        looked = (
            f" (looked for {', '.join(headers[:_SHOWN])}{', ...' if len(headers) > _SHOWN else ''})" if headers else ""
        )
        said.append(f"{NEEDS.get(role, role)}{looked}")
    here = ", ".join(fit.headers[:30]) or "none"
    message = f"{name} lacks what the profile {fit.profile.name} needs: {'; '.join(said)}. Its headers: {here}."
    if "customer" in fit.missing:
        message += f" {fit.profile.customer.missing or 'RFM needs the customer of each order.'}"
    return message
