"""What several test files share: the real data, if it is there at all, an empty working directory, and an order."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from rfm_assets.settings import settings

REAL_LANDING = Path(os.environ.get("RFM_TEST_LANDING", "../shared/daily_sales"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the tests that start servers first, then the slow ones, so that processes share the work to the end."""
    items.sort(key=lambda item: ("e2e" not in item.keywords, "slow" not in item.keywords))


class ByFile(LoadFileScheduling):
    """Gives a file's tests to one process, so that what they share is made once; those on Spark share one server."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "spark" if "/spark/" in file else str(file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    """How tests are given to processes where `--dist loadfile` asks for whole files."""
    return ByFile(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """A process for each core, and one more where tests wait for the servers that they start."""
    waits = "not e2e" not in config.getoption("markexpr")
    return (os.cpu_count() or 1) + waits


@pytest.fixture(scope="session")
def real_landing() -> Path:
    """The folder of real daily files, beside the checkout or where RFM_TEST_LANDING says."""
    if not REAL_LANDING.is_dir():
        pytest.skip(f"the real daily files are not at {REAL_LANDING}; set RFM_TEST_LANDING to use them")
    return REAL_LANDING.resolve()


@pytest.fixture
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty working directory, with the default settings but for little memory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RFM_MEMORY_LIMIT", "256MB")
    settings.cache_clear()
    yield
    settings.cache_clear()
