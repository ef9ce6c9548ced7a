"""Runs a table's checks in one statement: the number of rows that break each."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

import dagster as dg

from rfm_assets.contracts import Table
from rfm_assets.tables.check import Check, Counted, Span, days_of
from rfm_assets.tables.check_results import result_of
from rfm_assets.tables.contract_checks import COLUMNS_ARE_AS_DECLARED
from rfm_assets.tables.thinned_days import thinned_days
from rfm_assets.warehouse.days import Days
from rfm_assets.warehouse.protocols import Connection
from rfm_assets.warehouse.query import bind


def evaluate(  # noqa: PLR0913 - what a table's checks need to know
    checks: Sequence[Check],
    table: Table,
    connection: Connection,
    days: Span,
    *,
    rows_at_once: int | None = None,
    just_stored: bool = False,
) -> Iterator[dg.AssetCheckResult]:
    """Looks for rows that break some checks from the first to the last day, in batches that fit in memory.

    Whether the columns are as declared comes first: where they are not, a statement over the others fails. A table that
    was `just_stored` has them, or that would have failed.
    """
    thinned = thinned_days(connection, *days) if any("$thinned" in check.broken for check in checks) else ()
    of_columns = [check for check in checks if check.name == COLUMNS_ARE_AS_DECLARED and not just_stored]
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
