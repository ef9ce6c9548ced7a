"""Asset checks as data: a check is a SELECT of the rows that break it.

WARN says that the source is dirty (the pipeline goes on), ERROR that the pipeline broke a promise (what is downstream
waits). A red check names its rows: how many, and a sample.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import dagster as dg

from rfm_assets.automation.thinning import thinned_days
from rfm_assets.contracts import Table
from rfm_assets.forms.common import Form, commonest
from rfm_assets.markdown import markdown_table
from rfm_assets.partitions import run_days
from rfm_assets.tables.table_asset import WAREHOUSE_POOL
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.engine import Connection, Engine, Result
from rfm_assets.warehouse.query import literal

ERROR, WARN = dg.AssetCheckSeverity.ERROR, dg.AssetCheckSeverity.WARN

SAMPLE_ROWS = 10
_FORMS_SHOWN = 10
_ROWS_SAID = 3
_LONGEST_CELL = 120


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

    def spec(self, table: Table) -> dg.AssetCheckSpec:
        """What Dagster knows of the check before it has run."""
        return dg.AssetCheckSpec(
            self.name, asset=table.asset_key, description=self.promise, blocking=self.blocks and self.severity is ERROR
        )


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
        checked=f"SELECT count(*) FROM {table.address} WHERE {days_of(table)}",
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


def build_checks(table: Table, *checks: Check) -> dg.AssetChecksDefinition:
    """One step that evaluates a table's own checks, and those that its contract implies, over the run's days."""
    by_name = {check.name: check for check in (*_contract_checks(table), *checks)}

    @dg.multi_asset_check(
        name="__".join([*table.asset_key.path, "checks"]),
        specs=[check.spec(table) for check in by_name.values()],
        can_subset=True,
        pool=WAREHOUSE_POOL,
    )
    def table_checks(
        context: dg.AssetCheckExecutionContext, warehouse: dg.ResourceParam[Engine]
    ) -> Iterator[dg.AssetCheckResult]:
        days, at_once = run_days(context), warehouse.rows_at_once
        with warehouse.connect(read_only=True) as connection:
            for key in sorted(context.selected_asset_check_keys, key=lambda key: list(by_name).index(key.name)):
                yield evaluate(by_name[key.name], table, connection, days, rows_at_once=at_once)

    return table_checks


def evaluate(
    check: Check, table: Table, connection: Connection, days: tuple[date, date], *, rows_at_once: int | None = None
) -> dg.AssetCheckResult:
    """Looks for rows that break a check from the first to the last day, in spans that memory holds."""
    thinned = thinned_days(connection, *days) if "$thinned" in check.broken else ()

    def run(statement: str, span: tuple[date, date]) -> Result:
        # As text, since DuckDB imports pandas for any parameter.
        texts = {"$first": f"DATE '{span[0]}'", "$last": f"DATE '{span[1]}'", "$thinned": _listed(thinned)}
        for name, text in texts.items():
            statement = statement.replace(name, text)
        return connection.execute(statement)

    def count(statement: str, span: tuple[date, date]) -> int:
        return int((run(statement, span).fetchone() or (0,))[0])

    spans = Days(check.sized_by, *days).spans(connection, rows_at_once=rows_at_once) if check.sized_by else [days]
    # Reads no column that the promise is not about.
    failed_in = {span: count(f"SELECT count(*) FROM ({check.broken})", span) for span in spans}
    failed = sum(failed_in.values())
    found = f"{failed:,} break it"
    metadata: dict[str, Any] = {"failed": failed}
    if check.checked:
        looked_at = count(check.checked, days)
        found = f"{failed:,} of {looked_at:,} rows break it"
        metadata["passed"] = looked_at - failed
    if failed:
        first_broken = next(span for span, rows in failed_in.items() if rows)
        sample = run(f"SELECT * FROM ({check.broken}) ORDER BY ALL LIMIT {SAMPLE_ROWS}", first_broken)
        header, rows = [str(column[0]) for column in sample.description], sample.fetchall()
        metadata["sample"] = dg.MetadataValue.md(markdown_table(header, rows, _LONGEST_CELL))
        forms = commonest(run(check.forms, first_broken).fetchall())[:_FORMS_SHOWN] if check.forms else []
        if forms:
            metadata["forms"] = dg.MetadataValue.md(_table_of(forms))
        if check.says:
            said = [check.says(dict(zip(header, row, strict=True))) for row in rows[:_ROWS_SAID]]
            more = [f"{failed - len(said):,} more"] if failed > len(said) else []
            found = f"{found}: {'; '.join([*said, *more])}" + "".join(f"\n- {form.in_full()}" for form in forms)
        elif forms:
            found = f"{found}; most often {forms[0].of_some()}"
    return dg.AssetCheckResult(
        check_name=check.name,
        asset_key=table.asset_key,
        passed=not failed,
        severity=check.severity,
        description=found if failed else None,
        metadata=metadata,
    )


def _table_of(forms: Sequence[Form]) -> str:
    """The forms as Markdown, the commonest first."""
    cells = [(form.rule, form.lines, form.of, form.example, form.kind.name, form.kind.way_out) for form in forms]
    return markdown_table(["rule", "lines", "of", "such as", "what it is", "what to do"], cells, _LONGEST_CELL)


def _listed(chosen: Collection[date]) -> str:
    """Some days as SQL lists them after IN, which takes no empty list."""
    return ", ".join(f"DATE '{day}'" for day in sorted(chosen)) or "SELECT NULL WHERE false"


def _contract_checks(table: Table) -> Iterator[Check]:
    declared = ", ".join(f"({literal(name)}, {literal(kind)})" for name, kind in table.types.items())
    yield Check(
        "columns_are_as_declared",
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
