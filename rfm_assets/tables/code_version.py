"""Code versions of tables: Dagster marks a stored day as outdated when its version has changed."""

import re
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from importlib.resources import files

from rfm_assets.contracts import Table
from rfm_assets.warehouse.query import Query

_SOURCES = (".py", ".sql")
_LAYOUT = re.compile(r"(?P<text>'(?:[^']|'')*')|(?:--[^\n]*|\s)+")
"""Comments and white space of a statement; or a text, which may contain what looks like them."""


def of_statement(table: Table, statement: Query) -> str:
    """The version of a table made by one statement: its columns, and the statement with every rule written in.

    Comments and layout do not count, nor do the days, which are bound only when the statement runs.
    """
    return _digest([*_columns(table), _LAYOUT.sub(lambda found: found["text"] or " ", statement.sql())])


def of_function(table: Table, package: str, depends_on: Iterable[object]) -> str:
    """The version of a table made by a function: its columns, its package's sources, and the values it depends on."""
    return _digest([*_columns(table), _sources(package), *map(repr, depends_on)])


def _columns(table: Table) -> list[str]:
    return [f"{name} {kind}" for name, kind in table.types.items()]


@cache
def _sources(package: str) -> str:
    modules = (file for file in files(package).iterdir() if file.name.endswith(_SOURCES))
    return "\n".join(file.read_text(encoding="utf-8") for file in sorted(modules, key=lambda file: file.name))


def _digest(parts: Iterable[str]) -> str:
    return blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()
