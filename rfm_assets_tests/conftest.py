"""Fixtures for the whole suite: the real data, if present, an empty working directory, and the test order."""

import gc
import os
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from rfm_assets.settings import settings

REAL_LANDING = Path(os.environ.get("RFM_TEST_LANDING", "../shared/daily_sales"))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Switches the garbage collector off: imported modules and collected tests stay to the end anyway."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sorts the longest tests first, so that all processes stay busy to the end: Spark, servers, slow tests."""
    items.sort(key=lambda item: ("/spark/" not in item.nodeid, "e2e" not in item.keywords, "slow" not in item.keywords))


class ByFile(LoadFileScheduling):
    """Gives a file's tests to one process, so that their fixtures are made once; the Spark tests share one server."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "spark" if "/spark/" in file else str(file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    """How tests are distributed to processes when `--dist loadfile` asks for whole files."""
    return ByFile(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """A process per core, and two more if tests wait for servers that they start."""
    waits = "not e2e" not in config.getoption("markexpr")
    return (os.cpu_count() or 1) + 2 * waits


@pytest.fixture(scope="session")
def real_landing() -> Path:
    """The folder of real daily files, beside the checkout or where RFM_TEST_LANDING says."""
    if not REAL_LANDING.is_dir():
        pytest.skip(f"the real daily files are not at {REAL_LANDING}; set RFM_TEST_LANDING to use them")
    return REAL_LANDING.resolve()


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Gives DuckDB one thread unless a test or setting asks for more: a few rows do not need a second one."""
    connect = duckdb.connect

    def with_one_thread(
        *place: str, config: Mapping[str, Any] | None = None, **options: bool
    ) -> duckdb.DuckDBPyConnection:
        return connect(*place, config={"threads": 1} | dict(config or {}), **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duckdb, "connect", with_one_thread)
        yield


@pytest.fixture
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty working directory, with default settings except for a low memory limit."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RFM_MEMORY_LIMIT", "256MB")
    settings.cache_clear()
    yield
    settings.cache_clear()
