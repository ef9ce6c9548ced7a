"""Lazy queries, the values that assets take and return.

Every statement names its days `$first` and `$last`; they are bound when it runs, for the run's days or for a batch of
them. `$now` is the current time (UTC), for columns that record it; no rule may read it.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

from rfm_assets.literals import literal

if TYPE_CHECKING:
    from rfm_assets.contracts import Table

_PARAMETER = re.compile(r"\$([a-z_]+)\b")


@dataclass(frozen=True)
class Query:
    """A SELECT and the tables it names, each a query itself.

    The IO manager runs it inside the warehouse, so that rows never pass through Python.
    """

    text: str
    inputs: Mapping[str, "Query"] = field(default_factory=lambda: MappingProxyType({}))
    keeps: object = field(default=None, repr=False, compare=False)
    """Keeps something alive as long as the query, such as the files it reads."""
    batched_by: "Table | None" = field(default=None, repr=False, compare=False)
    """The table whose rows per day decide how many days fit in memory at once; None runs all days at once.

    DuckDB spills most statements to disk, but not medians, which keep every value.
    """

    def bind(self, first: date, last: date) -> "Query":
        """The query for the days from `first` to `last`, both included."""
        inputs = {name: query.bind(first, last) for name, query in self.inputs.items()}
        now = datetime.now(UTC).replace(tzinfo=None)
        return replace(self, text=bind(self.text, first=first, last=last, now=now), inputs=inputs)

    def given(self, **expressions: str) -> "Query":
        """The query with each `$name` replaced by an expression, such as a shop's rule."""
        return replace(self, text=_PARAMETER.sub(lambda said: expressions.get(said[1], said[0]), self.text))

    def in_batches_of(self, table: "Table") -> "Query":
        """The query, run in batches of as many days as fit in memory by the rows of `table`."""
        return replace(self, batched_by=table)

    def sql(self) -> str:
        """One runnable statement, its inputs as common table expressions."""
        if not self.inputs:
            return self.text
        named = ",\n".join(
            # DuckDB would materialize a table that a statement names twice, instead of reading only what it needs.
            f"{name} AS {'' if query.inputs else 'NOT MATERIALIZED '}(\n{query.sql()}\n)"
            for name, query in self.inputs.items()
        )
        return f"WITH {named}\nSELECT * FROM (\n{self.text}\n) AS result"


# Every day of the run, in a column `as_of_date`.
CALENDAR = Query(
    "SELECT CAST(day AS DATE) AS as_of_date\n"
    "FROM (SELECT unnest(generate_series($first, $last, INTERVAL 1 DAY)) AS day) AS series"
)


def bind(statement: str, **values: date | Collection[date]) -> str:
    """Replaces each `$name` in a statement: a day by a date, several days by a list for IN, a moment by a timestamp.

    As text, since DuckDB imports pandas for any parameter, which takes longer than most statements.
    """

    def written(parameter: re.Match[str]) -> str:
        if parameter[1] not in values:
            return parameter[0]
        value = values[parameter[1]]
        if isinstance(value, datetime):
            return f"TIMESTAMP '{value}'"
        if isinstance(value, date):
            return f"DATE '{value}'"
        return ", ".join(f"DATE '{day}'" for day in sorted(value)) or "SELECT NULL WHERE false"

    return _PARAMETER.sub(written, statement)


def sql(package: str, name: str, **inputs: Query) -> Query:
    """Reads the rule `name`.sql of a package, and binds its input tables to queries.

    Raises:
        FileNotFoundError: when the package has no such file.
    """
    return Query(files(package).joinpath(f"{name}.sql").read_text(encoding="utf-8").rstrip().rstrip(";"), inputs)


def table(rows: Mapping[str, str], *, key: str, value: str) -> Query:
    """A small table of two text columns from a mapping declared in code."""
    values = ", ".join(f"({literal(k)}, {literal(v)})" for k, v in rows.items())
    return Query(f"SELECT * FROM (VALUES {values}) AS declared({key}, {value})")
