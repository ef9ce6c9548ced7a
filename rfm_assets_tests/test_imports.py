"""Packages import in one direction: there is no import cycle, however long."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import rfm_assets

PROJECT = Path(rfm_assets.__file__).parent
PACKAGES = {path.parent.name for path in PROJECT.glob("*/__init__.py")}


def test_packages_import_in_one_direction() -> None:
    imports = {package: set(imported_by(package)) - {package} for package in PACKAGES}
    assert any("warehouse" in imported for imported in imports.values())
    try:
        order = list(TopologicalSorter(imports).static_order())
    except CycleError as error:
        pytest.fail(f"these packages import each other: {' <- '.join(error.args[1])}")
    assert order.index("contracts") < order.index("warehouse") < order.index("silver") < order.index("publishing")


def imported_by(package: str) -> Iterator[str]:
    """The packages that a package's modules import at import time."""
    for file in (PROJECT / package).rglob("*.py"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "rfm_assets":
                names = (f"{node.module}.{name.name}".split(".")[1] for name in node.names)
                yield from PACKAGES & {*names}
