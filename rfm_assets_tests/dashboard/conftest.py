"""A snapshot for all tests of the dashboard, made once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from rfm_assets.settings import settings
from rfm_assets_tests.dashboard.shop import publish_sample


@pytest.fixture(scope="session")
def sample_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a published snapshot of the sample shop; nobody changes it."""
    return publish_sample(tmp_path_factory.mktemp("dashboard"))


@pytest.fixture
def publish(monkeypatch: pytest.MonkeyPatch) -> Iterator["Publish"]:
    """Points the dashboard at a folder; what it remembers of earlier ones is forgotten."""
    publish = Publish(monkeypatch)
    yield publish
    publish.forget()


@pytest.fixture
def published(publish: "Publish", sample_snapshot: Path) -> Path:
    """The dashboard looks at the sample shop."""
    publish(sample_snapshot)
    return sample_snapshot


class Publish:
    """Sets RFM_PUBLISHED."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def __call__(self, folder: Path) -> None:
        self._monkeypatch.setenv("RFM_PUBLISHED", str(folder))
        self.forget()

    def forget(self) -> None:
        """Has settings, connections and results read anew."""
        settings.cache_clear()
        st.cache_data.clear()
        st.cache_resource.clear()
