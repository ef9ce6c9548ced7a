"""Detects how an export writes numbers, and makes the SQL that reads them."""

from collections.abc import Mapping

import duckdb

from rfm_assets.exports.profile import File
from rfm_assets.exports.statements import quoted, statement
from rfm_assets.literals import literal

_TYPE = "DECIMAL(18, 6)"
SHORTENED = "[0-9]([.,][0-9]+)?[eE][+][0-9]+"
"""A long order or customer number after a spreadsheet has shortened it."""
_WHOLE = "[+-]?[0-9]{1,12}"
_PLAIN = f"{_WHOLE}([.][0-9]+)?"
# What may be around and between digits: currency signs and codes, blanks, apostrophes, and units.
_UNITS = "pieces?|pcs?[.]?|units?|each|ea|x|stk[.]?|st(ü|ue)ck|szt[.]?|nos?[.]?|kr[.]?|zł|Kč|Ft|lei|TL"
_AROUND = (
    rf"(?i:({_UNITS})$)|^[xX]|\p{{Sc}}|\s|[\x{{00a0}}\x{{2009}}\x{{202f}}''\x{{2019}}]|^\+"
    r"|^[A-Za-z]{1,3}[.]?|[A-Za-z]{3}$"
)
_KINDS = {
    "comma": r"regexp_matches(n, '^[0-9]*,([0-9]{1,2}|[0-9]{4,})$|[.][0-9]{3},[0-9]+$|^0,[0-9]+$')",
    "point": r"regexp_matches(n, '^[0-9]*[.]([0-9]{1,2}|[0-9]{4,})$|,[0-9]{3}[.][0-9]+$|^0[.][0-9]+$')",
    "comma_three": r"regexp_matches(n, '^[0-9]{1,3}(,[0-9]{3})+$')",
    "point_three": r"regexp_matches(n, '^[0-9]{1,3}([.][0-9]{3})+$')",
    "whole": r"regexp_full_match(n, '[0-9]+')",
    "certain": r"regexp_matches(n, '^[0-9]{1,3}(,[0-9]{3}){2,}$')",
}
"""Patterns that give away the number format; `certain` has groups of three after several commas."""


def define_read_number(connection: duckdb.DuckDBPyConnection, decimal: str, group: str | None) -> None:
    """Defines the macro `read_number(text)`: the number that a text means, or NULL.

    It reads 1,234.56 and 1.234,56 by `decimal` and `group`, currency signs and codes, `302.35-`, `(3.00)`, `-$3.00` and
    `5.55E-17`.
    """
    groups = group or (";" if decimal == "." else ".")
    if decimal == "." and group is None:
        groups = ","
    digits = f"replace(replace(bare, {literal(groups)}, ''), {literal(decimal)}, '.')"
    plain = _PLAIN if decimal == "." else _WHOLE
    macros = statement("read_number", around=_AROUND, digits=digits, plain=plain, type=_TYPE)
    connection.execute(macros)


def number_form(
    connection: duckdb.DuckDBPyConnection, file: File, columns: list[str], table: str = "mapped"
) -> tuple[str, str | None]:
    """The decimal and group character of an export: declared, or detected from all numbers in these columns.

    Raises:
        ValueError: when the numbers do not decide.
    """
    if file.decimal_char is not None:
        return file.decimal_char, file.group_char
    if not columns:
        return ".", None
    counts = _counted(connection, columns, table)
    comma, point = counts["comma"], counts["point"]
    if comma and point and min(comma, point) > max(comma, point) // 100:
        message = (
            f"{point:,} numbers have a decimal point and {comma:,} a decimal comma: set decimalChar in [source.file]"
        )
        raise ValueError(message)
    if comma > point:
        return ",", "." if counts["point_three"] or not file.group_char else file.group_char
    if point or not counts["comma_three"] or counts["certain"] or counts["whole"]:
        return ".", file.group_char or ","
    message = (
        f"all {counts['comma_three']:,} numbers such as 1,234 may have a decimal comma or thousands: set decimalChar "
        "and groupChar in [source.file]"
    )
    raise ValueError(message)


def _counted(connection: duckdb.DuckDBPyConnection, columns: list[str], table: str) -> Mapping[str, int]:
    """The number of records of each kind of number in these columns."""
    counts = ", ".join(f"coalesce(sum(records) FILTER ({condition}), 0)" for condition in _KINDS.values())
    (found,) = connection.execute(f"SELECT {counts} FROM ({_united(columns, table)})").fetchall()
    return dict(zip(_KINDS, map(int, found), strict=True))


def _united(columns: list[str], table: str) -> str:
    """The distinct texts of these columns, reduced to digits and separators, with their number of records."""
    different = " UNION ALL ".join(
        f"SELECT {quoted(column)} AS t, count(*) AS records FROM {table} "
        f"WHERE contains({quoted(column)}, '.') OR contains({quoted(column)}, ',') GROUP BY ALL UNION ALL "
        f"(SELECT {quoted(column)}, 1 FROM {table} WHERE regexp_full_match({quoted(column)}, '[0-9]+') LIMIT 1)"
        for column in columns
    )
    return rf"SELECT regexp_replace(t, '[^0-9.,]', '', 'g') AS n, records FROM ({different})"
