"""Asset checks as data: a check is a SELECT of the rows that break it, and a table's checks run as one statement.

WARN says that the source is dirty (the pipeline goes on), ERROR that the pipeline broke a promise (what is downstream
waits). A red check names its rows: how many, and a sample.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Self

import dagster as dg

from rfm_assets.contracts import Table
from rfm_assets.forms.common import Form, commonest
from rfm_assets.markdown import markdown_table
from rfm_assets.partitions import DAILY
from rfm_assets.tables.thinned_days import thinned_days
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.protocols import Connection, Result
from rfm_assets.warehouse.query import bind, literal

ERROR, WARN = dg.AssetCheckSeverity.ERROR, dg.AssetCheckSeverity.WARN

COLUMNS_ARE_AS_DECLARED = "columns_are_as_declared"
AT_FAULT = "days_at_fault"

SAMPLE_ROWS = 10
_FORMS_SHOWN = 10
_ROWS_SAID = 3
_LONGEST_CELL = 120

Span = tuple[date, date]
"""The first and the last of some days."""


@dataclass(frozen=True)
class Check:
    """A promise about a table's days `$first` to `$last`, of which the days `$thinned` have no customers any more.

    `broken` selects what breaks it; `checked` counts what was looked at, where that is a number of rows.
    """

    name: str
    promise: str
    broken: str
    severity: dg.AssetCheckSeverity = ERROR
    checked: str = ""
    sized_by: Table | None = None
    """For what compares customers one by one, each day by itself: the table whose rows of a day tell how many days can
    be looked at at once."""
    blocks: bool = True
    """Whether what is downstream waits when a check of severity ERROR is red."""
    says: Callable[[Mapping[str, Any]], str] | None = None
    """How a row that breaks it reads in an alert, which shows no sample."""
    forms: str = ""
    """The SELECT of the forms that broke it (`select_forms`), for what is about texts; runs only when it is red."""
    at_fault: str = ""
    """The SELECT of the days whose own files broke it, for the sensor: it asks for these when they are corrected."""
    condition: str = ""
    """For a promise about each row of the table itself: which rows break it, so that one scan counts all of these."""

    per_day: bool = False
    """Whether a run over several days reports on each of them: for what people look up by the day. `broken` has it."""

    @property
    def blocking(self) -> bool:
        """Whether what is downstream waits when it is red."""
        return self.blocks and self.severity is ERROR

    def spec(self, table: Table) -> dg.AssetCheckSpec:
        """What Dagster knows of the check before it has run."""
        return dg.AssetCheckSpec(
            self.name,
            asset=table.asset_key,
            description=self.promise,
            blocking=self.blocking,
            partitions_def=DAILY if self.per_day else None,
        )


class Counted(NamedTuple):
    """How many rows break a check, of how many where that is known, and the days of a sample of them."""

    failed: int
    looked_at: int | None
    red_span: Span | None


def days_of(table: Table) -> str:
    """The condition that a row is of the days that a run looks at."""
    return f"{table.address}.{table.day} BETWEEN $first AND $last"


def no_row_where(
    table: Table, condition: str, *, name: str, promise: str, severity: dg.AssetCheckSeverity = ERROR
) -> Check:
    """The check that no row of a table meets a condition."""
    return Check(
        name,
        promise,
        broken=f"SELECT * FROM {table.address} WHERE {days_of(table)} AND ({condition})",
        severity=severity,
        condition=condition,
    )


def customers_are_those_of(wanted: Table, table: Table, *, name: str, promise: str) -> Check:
    """The check that each day's customers in a table are those in another one; keys that are unique say: once each."""
    return Check(
        name,
        promise,
        broken=f"""
            SELECT as_of_date, CustomerID, wanted, found
            FROM (
                SELECT as_of_date, CustomerID, true AS wanted FROM {wanted.address} WHERE {days_of(wanted)}
            ) AS those_wanted
            FULL JOIN (
                SELECT as_of_date, CustomerID, true AS found FROM {table.address} WHERE {days_of(table)}
            ) AS those_found USING (as_of_date, CustomerID)
            WHERE wanted IS NULL OR found IS NULL""",
        sized_by=wanted,
    )


def checks_of(table: Table, checks: Sequence[Check] = ()) -> Sequence[Check]:
    """A table's own checks after those that its contract implies."""
    return [*_contract_checks(table), *checks]


def evaluate(
    checks: Sequence[Check], table: Table, connection: Connection, days: Span, *, rows_at_once: int | None = None
) -> Iterator[dg.AssetCheckResult]:
    """Looks for rows that break some checks from the first to the last day, in batches that fit in memory.

    Whether the columns are as declared comes first: where they are not, a statement over the others fails.
    """
    thinned = thinned_days(connection, *days) if any("$thinned" in check.broken for check in checks) else ()
    of_columns = [check for check in checks if check.name == COLUMNS_ARE_AS_DECLARED]
    for some in (of_columns, [check for check in checks if check not in of_columns]):
        counted = count_broken(some, table, connection, days, thinned=thinned, rows_at_once=rows_at_once)
        for check, counts in zip(some, counted, strict=True):
            yield result_of(check, table, counts, connection, thinned)


def count_broken(  # noqa: PLR0913 - what a table's checks need to know
    checks: Sequence[Check],
    table: Table,
    connection: Connection,
    days: Span,
    *,
    thinned: Collection[date] = (),
    rows_at_once: int | None = None,
) -> Sequence[Counted]:
    """Counts the rows that break each check: one statement, and one more for each further batch of days."""
    batches = {
        sized_by: Days(sized_by, *days).batches(connection, rows_at_once=rows_at_once)
        for sized_by in {check.sized_by for check in checks if check.sized_by}
    }
    whole = [n for n, check in enumerate(checks) if len(batches.get(check.sized_by, [days])) == 1]  # type: ignore[arg-type]
    found: dict[int, Counted] = {n: Counted(0, None, None) for n in range(len(checks))}
    parts = [(days, whole)] if whole else []
    parts += [(span, [n]) for n in set(found).difference(whole) for span in batches[checks[n].sized_by]]  # type: ignore[index]
    for span, positions in parts:
        statement = counting_statement({n: checks[n] for n in positions}, table)
        bound = bind(statement, first=span[0], last=span[1], thinned=thinned)
        for n, failed, looked_at in connection.execute(bound).fetchall():
            so_far = found[n]
            red_span = so_far.red_span or (span if failed else None)
            found[n] = Counted(so_far.failed + int(failed), None if looked_at is None else int(looked_at), red_span)
    return [found[n] for n in range(len(checks))]


def counting_statement(checks: Mapping[int, Check], table: Table) -> str:
    """One statement over `$first` to `$last` with a row for each check: its number, the rows that break it, of which.

    Checks on single rows share one scan of the table.
    """
    by_row = {n: check for n, check in checks.items() if check.condition}
    parts = [f"SELECT {n} AS number, failed_{n} AS failed, looked_at FROM scanned" for n in by_row]
    parts += [_counted(n, check) for n, check in checks.items() if n not in by_row]
    counts = ", ".join(f"count(*) FILTER (WHERE {check.condition}) AS failed_{n}" for n, check in by_row.items())
    scan = f"SELECT count(*) AS looked_at, {counts} FROM {table.address} WHERE {days_of(table)}"
    return (f"WITH scanned AS ({scan}) " if by_row else "") + " UNION ALL ".join(parts)


def _counted(number: int, check: Check) -> str:
    broken = f"(SELECT count(*) AS failed FROM ({check.broken}) AS broken_rows) AS broken"
    if not check.checked:
        return f"SELECT {number} AS number, failed, NULL AS looked_at FROM {broken}"
    return f"SELECT {number} AS number, failed, looked_at FROM {broken} CROSS JOIN ({check.checked}) AS checked"


def result_of(
    check: Check, table: Table, counts: Counted, connection: Connection, thinned: Collection[date]
) -> dg.AssetCheckResult:
    """What Dagster records of a check; samples and forms are looked up only where rows break it."""
    found = f"{counts.failed:,} break it"
    metadata: dict[str, Any] = {"failed": counts.failed}
    if counts.looked_at is not None:
        found = f"{counts.failed:,} of {counts.looked_at:,} rows break it"
        metadata["passed"] = counts.looked_at - counts.failed
    if counts.red_span:
        broken = _Broken.of(check, connection, counts.red_span, thinned)
        found += broken.said(counts.failed)
        metadata |= broken.metadata()
    return dg.AssetCheckResult(
        check_name=check.name,
        asset_key=table.asset_key,
        passed=not counts.failed,
        severity=check.severity,
        description=found if counts.failed else None,
        metadata=metadata,
    )


@dataclass(frozen=True)
class _Broken:
    """A sample of the rows that break a check, and the commonest forms of their texts."""

    check: Check
    header: Sequence[str]
    rows: Sequence[Sequence[Any]]
    forms: Sequence[Form]
    at_fault: Sequence[date]

    @classmethod
    def of(cls, check: Check, connection: Connection, span: Span, thinned: Collection[date]) -> Self:
        def run(statement: str) -> Result:
            return connection.execute(bind(statement, first=span[0], last=span[1], thinned=thinned))

        sample = run(f"SELECT * FROM ({check.broken}) ORDER BY ALL LIMIT {SAMPLE_ROWS}")
        header, rows = [str(column[0]) for column in sample.description], sample.fetchall()
        forms = commonest(run(check.forms).fetchall())[:_FORMS_SHOWN] if check.forms else ()
        at_fault = [day for (day,) in run(check.at_fault).fetchall()] if check.at_fault else ()
        return cls(check, header, rows, forms, sorted(at_fault))

    def said(self, failed: int) -> str:
        """What follows the count in a description, which is all that an alert shows."""
        if self.check.says:
            rows = [self.check.says(dict(zip(self.header, row, strict=True))) for row in self.rows[:_ROWS_SAID]]
            more = [f"{failed - len(rows):,} more"] if failed > len(rows) else []
            return f": {'; '.join([*rows, *more])}" + "".join(
                f"\n- {form.description_with_rule()}" for form in self.forms
            )
        return f"; most often {self.forms[0].description_with_share()}" if self.forms else ""

    def metadata(self) -> dict[str, Any]:
        """The sample and the forms, as tables."""
        tables = {"sample": markdown_table(self.header, self.rows, _LONGEST_CELL)}
        if self.forms:
            tables["forms"] = _table_of(self.forms)
        found: dict[str, Any] = {name: dg.MetadataValue.md(table) for name, table in tables.items()}
        return found | ({AT_FAULT: " ".join(map(str, self.at_fault))} if self.at_fault else {})


def days_at_fault(found: dg.AssetCheckEvaluation) -> frozenset[date]:
    """The days whose own files broke a check, as far as it says so."""
    text = found.metadata.get(AT_FAULT)
    return frozenset(date.fromisoformat(day) for day in str(text.value).split()) if text else frozenset()


def _table_of(forms: Sequence[Form]) -> str:
    """The forms as Markdown, the commonest first."""
    cells = [(form.rule, form.lines, form.of, form.example, form.kind.name, form.kind.way_out) for form in forms]
    return markdown_table(["rule", "lines", "of", "such as", "what it is", "what to do"], cells, _LONGEST_CELL)


def _contract_checks(table: Table) -> Iterator[Check]:
    declared = ", ".join(f"({literal(name)}, {literal(kind)})" for name, kind in table.types.items())
    yield Check(
        COLUMNS_ARE_AS_DECLARED,
        "The stored columns and their types are those of the contract.",
        broken=f"""
            SELECT * FROM (
                SELECT column_name, data_type FROM information_schema.columns
                WHERE table_schema || '.' || table_name = {literal(table.address)}
            ) AS stored FULL JOIN (VALUES {declared}) AS declared(declared_name, declared_type)
                ON column_name = declared_name AND data_type = declared_type
            WHERE column_name IS NULL OR declared_name IS NULL""",
    )
    required = [column.name for column in table.columns if not column.nullable]
    yield no_row_where(
        table,
        " OR ".join(f"{name} IS NULL" for name in required),
        name="required_columns_are_filled",
        promise=f"No row lacks {', '.join(required)}.",
    )
    if table.key:
        key = ", ".join(table.key)
        yield Check(
            "key_is_unique",
            f"{key} {'names' if len(table.key) == 1 else 'together name'} one row.",
            broken=f"""
                SELECT {key}, count(*) AS rows_with_it FROM {table.address} WHERE {days_of(table)}
                GROUP BY ALL HAVING count(*) > 1""",
            sized_by=table if {table.day, "CustomerID"} <= set(table.key) else None,
        )
