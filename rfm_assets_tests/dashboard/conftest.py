"""A published copy, made once for all dashboard tests."""

import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner

from rfm_assets.settings import settings
from rfm_assets_tests.dashboard.browsing import address, browser, page
from rfm_assets_tests.dashboard.numbers import asked
from rfm_assets_tests.dashboard.shop import publish_sample

__all__ = ["address", "asked", "browser", "page"]

Reads = Callable[[Path], None]


@pytest.fixture(scope="session")
def sample_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a published copy of the sample shop; tests do not change it."""
    return publish_sample(tmp_path_factory.mktemp("dashboard"))


@pytest.fixture(scope="session", autouse=True)
def components_are_looked_for_once() -> Iterator[None]:
    """A server searches all installed packages for components once, `AppTest` on each run of a page."""
    with pytest.MonkeyPatch.context() as patch:
        once = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", once)
        yield


@pytest.fixture(autouse=True)
def main_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit leaves its last script as `__main__`; a process that a later test starts would run it."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture
def dashboard_reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reads]:
    """Points the dashboard at a folder and clears what it cached of earlier ones."""

    def reads(folder: Path) -> None:
        monkeypatch.setenv("RFM_PUBLISHED", str(folder))
        _forget()

    yield reads
    _forget()


@pytest.fixture
def published(dashboard_reads: Reads, sample_snapshot: Path) -> Path:
    """The dashboard reads the sample shop."""
    dashboard_reads(sample_snapshot)
    return sample_snapshot


def _forget() -> None:
    """Clears cached settings, connections and results."""
    settings.cache_clear()
    st.cache_data.clear()
    st.cache_resource.clear()
