"""Every statement of the project: of tables, glances and checks."""

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from datetime import date
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg

import rfm_assets
from rfm_assets.definitions import defs
from rfm_assets_tests.plain import statements

DAY = date(2025, 6, 26)


def every_statement() -> Iterator[tuple[str, str]]:
    """Each statement with the name of what it is of; those of tables with all that they are made from."""
    for table, query in statements(DAY, DAY).items():
        yield table.address, query.sql()
    for path in sorted(Path(str(files(rfm_assets))).rglob("*.sql")):
        if path.name.endswith("_preview.sql"):
            yield path.name, path.read_text(encoding="utf-8").replace("$day", f"DATE '{DAY}'")
    yield from _statements_of_checks()


class _Listener:
    """Stands for a connection: keeps what is executed; counts one row whatever it is, and has none to show."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.description: Sequence[Sequence[Any]] = [("one",)]

    def execute(self, statement: str, /) -> "_Listener":
        self.heard.append(statement)
        return self

    def fetchone(self) -> tuple[Any, ...]:
        return (1,)

    def fetchall(self) -> list[tuple[Any, ...]]:
        return []


def _statements_of_checks() -> Iterator[tuple[str, str]]:
    """What the checks of all tables execute, samples of offending rows included."""
    with dg.DagsterInstance.ephemeral() as instance:
        for built in defs.asset_checks or []:
            if not built.node_def.name.endswith("__checks"):
                continue  # looks at the landing zone, as the runs of test_parity do
            listener = _Listener()
            warehouse = SimpleNamespace(connect=lambda listener=listener, **_: nullcontext(listener), rows_at_once=None)
            list(built(dg.build_asset_check_context(instance=instance), warehouse=warehouse))
            yield from ((built.node_def.name, statement) for statement in listener.heard)
