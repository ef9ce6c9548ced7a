"""The version of what makes a table: Dagster marks a stored day as out of date when another version would make it."""

from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from importlib.resources import files

from rfm_assets.contracts import Table
from rfm_assets.warehouse.query import Query

_SOURCES = (".py", ".sql")


def of_statement(table: Table, statement: Query) -> str:
    """The version of a table that one statement makes: its columns, and the text with every rule written into it.

    The days are not in it, since they are bound only when it runs.
    """
    return _digest([*_columns(table), statement.sql()])


def of_function(table: Table, package: str, depends_on: Iterable[object]) -> str:
    """The version of a table that a function makes: its columns, its package's sources, and the values it goes by."""
    return _digest([*_columns(table), _sources(package), *map(repr, depends_on)])


def _columns(table: Table) -> list[str]:
    return [f"{name} {kind}" for name, kind in table.types.items()]


@cache
def _sources(package: str) -> str:
    modules = (file for file in files(package).iterdir() if file.name.endswith(_SOURCES))
    return "\n".join(file.read_text(encoding="utf-8") for file in sorted(modules, key=lambda file: file.name))


def _digest(parts: Iterable[str]) -> str:
    return blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()
