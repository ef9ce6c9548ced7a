"""A query that has not run yet: the value that assets take and return."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True)
class Query:
    """A SELECT and the tables it names, each a query itself.

    The IO manager runs it inside the warehouse, so that rows never pass through Python.
    """

    text: str
    inputs: Mapping[str, "Query"] = field(default_factory=lambda: MappingProxyType({}))
    keeps: object = field(default=None, repr=False, compare=False)
    """What has to live as long as the query does, such as the files it reads."""

    def sql(self) -> str:
        """One runnable statement, its inputs as common table expressions."""
        if not self.inputs:
            return self.text
        named = ",\n".join(f"{name} AS (\n{query.sql()}\n)" for name, query in self.inputs.items())
        return f"WITH {named}\nSELECT * FROM (\n{self.text}\n) AS result"


def sql(package: str, name: str, **inputs: Query) -> Query:
    """Reads the rule `name`.sql of a package and binds the tables it reads from to queries.

    Raises:
        FileNotFoundError: when the package has no such file.
    """
    return Query(files(package).joinpath(f"{name}.sql").read_text(encoding="utf-8").rstrip().rstrip(";"), inputs)


def table(rows: Mapping[str, str], *, key: str, value: str) -> Query:
    """A small table of two text columns from a mapping declared in code."""
    values = ", ".join(f"({literal(k)}, {literal(v)})" for k, v in rows.items())
    return Query(f"SELECT * FROM (VALUES {values}) AS declared({key}, {value})")


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"
