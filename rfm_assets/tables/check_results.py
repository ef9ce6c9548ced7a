"""Words a check's result for people: the number of failing rows, a sample, the most common forms, the way out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

import dagster as dg

from rfm_assets.contracts import Table
from rfm_assets.forms.common import Form, commonest
from rfm_assets.metadata_table import metadata_table
from rfm_assets.tables.check import WARN, Check, Counted, Span
from rfm_assets.warehouse.protocols import Connection, Result
from rfm_assets.warehouse.query import bind

AT_FAULT = "days_at_fault"
SAMPLE_ROWS = 10
_FORMS_SHOWN = 10
_ROWS_SAID = 3
_LONGEST_CELL = 120


def result_of(
    check: Check, table: Table, counts: Counted, connection: Connection, thinned: Collection[date]
) -> dg.AssetCheckResult:
    """A check's result for Dagster; samples and forms are queried only if rows break it."""
    found = f"{counts.failed:,} break it"
    metadata: dict[str, Any] = {"failed": counts.failed}
    if counts.looked_at is not None:
        found = f"{counts.failed:,} of {counts.looked_at:,} rows break it"
        metadata["passed"] = counts.looked_at - counts.failed
    if counts.red_span:
        broken = _Broken.of(check, connection, counts.red_span, thinned)
        found += broken.said(counts.failed)
        if not (check.says or broken.forms or check.severity is WARN):
            found += f". {check.promise}"  # it includes the way out, and alerts show nothing else
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
    """A sample of the rows that break a check, and the most common forms of their texts."""

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
        """The description after the count; alerts show only the description."""
        if self.check.says:
            rows = [self.check.says(dict(zip(self.header, row, strict=True))) for row in self.rows[:_ROWS_SAID]]
            more = [f"{failed - len(rows):,} more"] if failed > len(rows) else []
            return f": {'; '.join([*rows, *more])}" + "".join(
                f"\n- {form.description_with_rule()}" for form in self.forms
            )
        return f"; most often {self.forms[0].description_with_share()}" if self.forms else ""

    def metadata(self) -> dict[str, Any]:
        """The sample and the forms, as tables."""
        found: dict[str, Any] = {"sample": metadata_table(self.header, self.rows, _LONGEST_CELL)}
        if self.forms:
            found["forms"] = _table_of(self.forms)
        return found | ({AT_FAULT: " ".join(map(str, self.at_fault))} if self.at_fault else {})


def days_at_fault(found: dg.AssetCheckEvaluation) -> frozenset[date]:
    """The days whose own files broke a check, if it names them."""
    text = found.metadata.get(AT_FAULT)
    return frozenset(date.fromisoformat(day) for day in str(text.value).split()) if text else frozenset()


def _table_of(forms: Sequence[Form]) -> dg.TableMetadataValue:
    """The forms, the most common first."""
    cells = [(form.rule, form.lines, form.of, form.example, form.kind.name, form.kind.way_out) for form in forms]
    return metadata_table(["rule", "lines", "of", "such as", "what it is", "what to do"], cells, _LONGEST_CELL)
