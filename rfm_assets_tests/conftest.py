"""What several test files share: the real data, if it is there at all, an empty working directory, and an order."""

import os
from pathlib import Path

import pytest

from rfm_assets.settings import settings

REAL_LANDING = Path(os.environ.get("RFM_TEST_LANDING", "../shared/daily_sales"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the tests that start servers first, so that none of them keeps one process busy while the other waits."""
    items.sort(key=lambda item: item.get_closest_marker("e2e") is None)


@pytest.fixture(scope="session")
def real_landing() -> Path:
    """The folder of real daily files, beside the checkout or where RFM_TEST_LANDING says."""
    if not REAL_LANDING.is_dir():
        pytest.skip(f"the real daily files are not at {REAL_LANDING}; set RFM_TEST_LANDING to use them")
    return REAL_LANDING.resolve()


@pytest.fixture
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty working directory, with the default settings but for little memory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RFM_MEMORY_LIMIT", "256MB")
    settings.cache_clear()
