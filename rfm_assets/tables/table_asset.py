"""An asset that is a table of the warehouse: everything about it that its contract already says.

A table and its checks are one step: the rows are stored, then the checks look at them, and what is downstream waits
for a red one of severity ERROR.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import dagster as dg

from rfm_assets.contracts import Table
from rfm_assets.partitions import DAILY, ONE_RUN, run_days
from rfm_assets.settings import settings
from rfm_assets.tables import code_version
from rfm_assets.tables.check import Check
from rfm_assets.tables.checks_by_day import report_days, report_only_day
from rfm_assets.tables.code_references import code_references
from rfm_assets.tables.contract_checks import checks_of
from rfm_assets.tables.reads import Reads
from rfm_assets.tables.run_checks import evaluate
from rfm_assets.warehouse.query import Query

# Every step that opens the warehouse; the limit of one is in dagster.yaml.
WAREHOUSE_POOL = "warehouse"

Function = Callable[..., Any]
Made = Iterator[dg.MaterializeResult[Any]]


@dataclass(frozen=True)
class Step:
    """One or more tables that a function fills in one go, with what it reads and what is promised of them.

    The function's parameters are its inputs by name, and besides them `context` or resources such as `warehouse`.
    `depends_on` are the values that such a function goes by, beyond its code.
    """

    tables: Sequence[Table]
    function: Function
    reads: Mapping[str, Reads]
    checks: Mapping[Table, Sequence[Check]]
    depends_on: Sequence[object] = ()

    @property
    def is_one_statement(self) -> bool:
        """Whether each of its tables is made by one statement, and nothing else."""
        return not self.resources and not self.takes_context

    def code_version(self, table: Table) -> str:
        """The version of what makes one of its tables: another rule, statement or column gives another one."""
        if self.is_one_statement:
            return code_version.of_statement(table, self.statement(table))
        package = self.function.__module__.rpartition(".")[0]
        return code_version.of_function(table, package, self.depends_on)

    def statement(self, table: Table) -> Query:
        """The statement that makes one of its tables over stored ones, its days not bound yet."""
        made = self.function(**self.inputs)
        query: Query = made[self.tables.index(table)] if isinstance(made, tuple) else made
        return query

    @property
    def inputs(self) -> Mapping[str, Query]:
        """What its function reads, by the names of its parameters."""
        return {name: read.rows for name, read in self.reads.items()}

    @property
    def resources(self) -> set[str]:
        """The resources that the function asks for by name."""
        return set(inspect.signature(self.function).parameters) - set(self.reads) - {"context"}

    @property
    def takes_context(self) -> bool:
        """Whether the function asks for the run that it is part of."""
        return "context" in inspect.signature(self.function).parameters

    def run(self, context: dg.AssetExecutionContext) -> Iterator[Any]:
        """Yields the selected tables' values, each of which is stored, and then what the selected checks find."""
        if context.selected_asset_keys:
            yield from self._values(context)
        days, warehouse = run_days(context), context.resources.warehouse
        for table in self.tables:
            of_table = {key.name for key in context.selected_asset_check_keys if key.asset_key == table.asset_key}
            chosen = [check for check in self.checks[table] if check.name in of_table]
            by_day = [check for check in chosen if check.per_day and days != _ALL_DAYS and days[0] < days[1]]
            at_once = [check for check in chosen if check not in by_day]
            if chosen:
                with warehouse.connect(read_only=True) as connection:
                    results = evaluate(
                        at_once,
                        table,
                        connection,
                        days,
                        rows_at_once=warehouse.rows_at_once,
                        just_stored=table.asset_key in context.selected_asset_keys,
                    )
                    if context.has_partition_key:
                        yield from report_only_day(context, at_once, table, results)
                    else:
                        yield from results
                    yield from report_days(context, by_day, table, connection)

    def _values(self, context: dg.AssetExecutionContext) -> Iterator[Any]:
        given = {name: getattr(context.resources, name) for name in self.resources}
        if self.takes_context:
            given["context"] = context
        made = self.function(**self.inputs, **given)
        if inspect.isgenerator(made):
            yield from (result for result in cast("Made", made) if result.asset_key in context.selected_asset_keys)
            return
        for table, value in zip(self.tables, made if isinstance(made, tuple) else (made,), strict=True):
            if table.asset_key in context.selected_asset_keys:
                yield dg.Output(value, output_name=output_name(table))


_ALL_DAYS = (date.min, date.max)

STEPS: dict[Table, Step] = {}
"""The step that makes each table."""


def table_asset(
    table: Table,
    *,
    reads: Mapping[str, Reads] | None = None,
    checks: Mapping[Table, Sequence[Check]] | None = None,
    kind: str = "sql",
    depends_on: Sequence[object] = (),
) -> Callable[[Function], dg.AssetsDefinition]:
    """Makes a function the asset of `table`; what it returns becomes the table's rows for the run's days."""
    return tables_asset((table,), reads=reads, checks=checks, kind=kind, depends_on=depends_on)


def tables_asset(
    tables: Sequence[Table],
    *,
    reads: Mapping[str, Reads] | None = None,
    checks: Mapping[Table, Sequence[Check]] | None = None,
    kind: str | Mapping[Table, str] = "sql",
    depends_on: Sequence[object] = (),
) -> Callable[[Function], dg.AssetsDefinition]:
    """Makes a function the asset of several tables: it returns their rows as a tuple, or yields a result for each.

    `checks` may name other tables, too: each table gets its own. `depends_on` are values whose change is another code
    version of what a function with resources makes; the rules of a statement are in its text.
    """

    def asset(function: Function) -> dg.AssetsDefinition:
        every_check = {table: checks_of(table, (checks or {}).get(table, ())) for table in tables}
        step = Step(tables, function, reads or {}, every_check, depends_on)
        STEPS.update(dict.fromkeys(tables, step))
        description = inspect.getdoc(function) if len(tables) == 1 else None
        kinds = dict.fromkeys(tables, kind) if isinstance(kind, str) else kind

        @dg.multi_asset(
            name=output_name(tables[0]) if len(tables) == 1 else function.__name__,
            description=inspect.getdoc(function),
            deps=[read.dep for read in step.reads.values()],
            outs={output_name(table): _out(step, table, description or table.grain, kinds[table]) for table in tables},
            check_specs=[check.spec(table) for table, own in every_check.items() for check in own],
            required_resource_keys={"warehouse", *step.resources},
            partitions_def=DAILY,
            backfill_policy=ONE_RUN,
            can_subset=True,
            pool=WAREHOUSE_POOL,
        )
        def made(context: dg.AssetExecutionContext) -> Iterator[Any]:
            yield from step.run(context)

        return made

    return asset


def output_name(table: Table) -> str:
    """What a step calls the value of a table."""
    return table.address.replace(".", "__")


def _out(step: Step, table: Table, description: str, kind: str) -> dg.AssetOut:
    return dg.AssetOut(
        key=table.asset_key,
        dagster_type=dg.Any,
        description=description,
        is_required=False,
        group_name=table.schema,
        metadata=table.metadata() | code_references(step.function, table),
        owners=[settings().owner],
        kinds={settings().engine, kind},
        backfill_policy=ONE_RUN,
        code_version=step.code_version(table),
    )
