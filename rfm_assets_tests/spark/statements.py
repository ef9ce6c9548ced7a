"""Every SQL statement of the project: tables, previews and checks."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import rfm_assets
import rfm_assets.definitions
from rfm_assets.contracts.meta import CUSTOMER_PRODUCTS
from rfm_assets.proof.intervals import interval_table
from rfm_assets.publishing.customer_products import customer_products
from rfm_assets.tables.run_checks import evaluate
from rfm_assets.tables.table_asset import STEPS
from rfm_assets.warehouse.query import Query, bind, sql
from rfm_assets_tests.helpers.plain import outcome_of_cuts, statements

DAY = date(2025, 6, 26)


def every_statement() -> Iterator[tuple[str, str]]:
    """Each statement with the name of its table, preview or check; those of tables include their inputs."""
    for table, query in statements(DAY, DAY).items():
        yield table.address, query.sql()
    yield "proof.segment_outcomes", segment_outcomes().sql()
    yield CUSTOMER_PRODUCTS.address, customer_products(DAY).sql()
    yield f"{CUSTOMER_PRODUCTS.address} since a day", customer_products(DAY, since=DAY).sql()
    for path in sorted(Path(str(files(rfm_assets))).rglob("*.sql")):
        if path.name.endswith("_preview.sql"):
            yield path.name, bind(path.read_text(encoding="utf-8"), day=DAY)
    yield from _statements_of_checks()


def segment_outcomes() -> Query:
    """The statement of the table that is also made from values resampled in Python."""
    outcome = outcome_of_cuts().bind(DAY, DAY)
    return sql("rfm_assets.proof", "segment_outcomes", outcome=outcome, revenue_interval=interval_table([]))


class _Listener:
    """Stands in for a connection: records what is executed, and finds one broken row for each check of a statement."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.description: Sequence[Sequence[Any]] = [("one",)]

    def execute(self, statement: str, /) -> "_Listener":
        self.heard.append(statement)
        return self

    def fetchone(self) -> tuple[Any, ...]:
        return (1,)

    def fetchall(self) -> list[tuple[Any, ...]]:
        numbers = re.findall(r"SELECT (\d+) AS number", self.heard[-1])
        return [(int(number), 1, 1) for number in numbers]


def _statements_of_checks() -> Iterator[tuple[str, str]]:
    """The statements of all tables' checks, including samples of offending rows."""
    for table, step in STEPS.items():
        listener = _Listener()
        list(evaluate(step.checks[table], table, listener, (DAY, DAY)))
        yield from ((f"{table.address} checks", statement) for statement in listener.heard)
