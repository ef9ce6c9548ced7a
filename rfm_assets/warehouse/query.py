"""A query that has not run yet: the value that assets take and return."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rfm_assets.contracts import Table


@dataclass(frozen=True)
class Portions:
    """How a query is made for some of its days at a time: the query of those days, and whose rows size them.

    Memory has to hold the rows that the table has of the days: an engine may work on disk with most statements, but not
    with medians, which keep every value.
    """

    part: Callable[[date, date], "Query"]
    sized_by: "Table"


@dataclass(frozen=True)
class Query:
    """A SELECT and the tables it names, each a query itself.

    The IO manager runs it inside the warehouse, so that rows never pass through Python.
    """

    text: str
    inputs: Mapping[str, "Query"] = field(default_factory=lambda: MappingProxyType({}))
    keeps: object = field(default=None, repr=False, compare=False)
    """What has to live as long as the query does, such as the files it reads."""
    batches: Portions | None = field(default=None, repr=False, compare=False)
    """How it can be made for some days at a time; without, it is made at once."""

    def between(self, column: str, first: date, last: date) -> "Query":
        """Its rows of some days alone."""
        return Query(
            f"SELECT * FROM of_all_days WHERE {column} BETWEEN DATE '{first}' AND DATE '{last}'", {"of_all_days": self}
        )

    def sql(self) -> str:
        """One runnable statement, its inputs as common table expressions."""
        if not self.inputs:
            return self.text
        named = ",\n".join(
            # DuckDB would copy a table that a statement names twice, instead of reading what it needs of it.
            f"{name} AS {'' if query.inputs else 'NOT MATERIALIZED '}(\n{query.sql()}\n)"
            for name, query in self.inputs.items()
        )
        return f"WITH {named}\nSELECT * FROM (\n{self.text}\n) AS result"


def sql(package: str, name: str, **inputs: Query) -> Query:
    """Reads the rule `name`.sql of a package and binds the tables it reads from to queries.

    Raises:
        FileNotFoundError: when the package has no such file.
    """
    return Query(files(package).joinpath(f"{name}.sql").read_text(encoding="utf-8").rstrip().rstrip(";"), inputs)


def in_portions(part: Callable[[date, date], Query], *, of: "Table", days: tuple[date, date]) -> Query:
    """A query of the days from the first to the last, which may be made for some at a time, as a table's rows allow."""
    return replace(part(*days), batches=Portions(part, of))


def table(rows: Mapping[str, str], *, key: str, value: str) -> Query:
    """A small table of two text columns from a mapping declared in code."""
    values = ", ".join(f"({literal(k)}, {literal(v)})" for k, v in rows.items())
    return Query(f"SELECT * FROM (VALUES {values}) AS declared({key}, {value})")


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"
